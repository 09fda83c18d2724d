/*
 * order_hash.h: which hash puts ports and subsets in order: MD5 up to Kubernetes 1.34, FNV-1a with 128 bits
 * since 1.35 (E-44).
 */
#ifndef EPSIM_ENGINE_ORDER_HASH_H
#define EPSIM_ENGINE_ORDER_HASH_H

enum order_hash { ORDER_MD5, ORDER_FNV128 };

#endif
