/*
 * ip.h: IP addresses as numbers, their canonical text, and an integer that sorts like that text.
 */
#ifndef EPSIM_BASE_IP_H
#define EPSIM_BASE_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define IP_TEXT_MAX 48

enum ip_family { IP_NONE = 0, IP_V4 = 4, IP_V6 = 6 };

/* An IPv4 address has its four bytes first and zeros after. family IP_NONE: not an address. */
struct ip {
    uint8_t family;
    uint8_t bytes[16];
};

/* Lenient as Kubernetes' ParseIPSloppy: leading zeros in IPv4 parts are decimal (E-12). An
 * IPv4-mapped IPv6 text is an IPv4 address to Go's To4 and prints dotted; its family here is IP_V4,
 * as utilnet.IsIPv6String sees it. Returns family IP_NONE when it cannot be parsed. */
struct ip ip_parse(const char *bytes, size_t length);
/* Go's net.IP.String: dotted quad, RFC 5952, or "<nil>". Returns the length. */
uint32_t ip_format(struct ip ip, char out[IP_TEXT_MAX]);
/* The length alone. */
uint32_t ip_text_length(struct ip ip);
static inline bool ip_equal(struct ip a, struct ip b)
{
    return a.family == b.family && memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}
/* Sorts like the canonical text, byte by byte (E-41), families and "<nil>" mixed: a number in base 19
 * of the first 15 characters. Exact for IPv4; for IPv6 ip_compare_text settles equal keys. */
uint64_t ip_sort_key(struct ip ip);
uint64_t ip_sort_key_v4(uint32_t host_order);
/* The same for any text, an address or not: texts of equal keys may differ. */
uint64_t ip_text_sort_key(const char *text, size_t length);
/* Byte-wise order of the canonical texts. */
int ip_compare_text(struct ip a, struct ip b);
static inline struct ip ip_from_v4(uint32_t host_order)
{
    return (struct ip){.family = IP_V4,
        .bytes = {(uint8_t)(host_order >> 24), (uint8_t)(host_order >> 16), (uint8_t)(host_order >> 8),
            (uint8_t)host_order}};
}
/* Of an IPv4 address. */
static inline uint32_t ip_to_v4(struct ip ip)
{
    return (uint32_t)ip.bytes[0] << 24 | (uint32_t)ip.bytes[1] << 16 | (uint32_t)ip.bytes[2] << 8 |
           ip.bytes[3];
}

/* A range such as 10.244.0.0/16. False when it is none. Host bits are cleared. */
struct ip_range {
    struct ip base;
    uint8_t prefix_length;
};
bool ip_range_parse(const char *bytes, size_t length, struct ip_range *out);
struct ip ip_add_bytes(struct ip base, uint64_t offset);
/* The address `offset` after `base`; it wraps around at the family's end. */
static inline struct ip ip_add(struct ip base, uint64_t offset)
{
    return base.family == IP_V4 ? ip_from_v4(ip_to_v4(base) + (uint32_t)offset) : ip_add_bytes(base, offset);
}

#endif
