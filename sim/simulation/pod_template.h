/*
 * pod_template.h: the template of a workload, ready to make pods of, and its revision hash.
 */
#ifndef EPSIM_SIMULATION_POD_TEMPLATE_H
#define EPSIM_SIMULATION_POD_TEMPLATE_H

#include <stdint.h>

#include "kernel/random.h"
#include "model/catalog.h"
#include "scenario/scenario.h"
#include "simulation/kubelet.h"

struct cluster;

/* Digits of a hash of 32 bits in Kubernetes' alphabet, and a NUL. */
#define HASH_TEXT_SIZE 11

struct pod_template {
    const struct pod_spec *spec;
    const struct labels *labels;
    const struct port_list *ports;
    sym hostname, subdomain, node_name;
};

struct pod_template pod_template_make(struct cluster *cluster, const struct pod_spec *spec);
/* What says whether two templates are the same: everything that was read of them, but for the label that
 * a Deployment adds. `rollouts` stands for the annotation of `kubectl rollout restart`. */
uint64_t pod_template_hash(const struct pod_spec *spec, uint32_t rollouts);
/* As Kubernetes writes such hashes into names: "5d78c9869d". */
void pod_template_hash_text(uint64_t hash, char out[HASH_TEXT_SIZE]);
/* A birth with everything that follows from the template; labels as given. */
struct pod_birth pod_template_birth(const struct pod_template *template, const struct labels *labels);
/* The birth's namespace, and its name: PREFIX-xxxxx, drawn until it is free: one in use is refused by the API
 * server, and the controller tries again. `room` may hold its text, which the birth borrows. */
void generate_free_name(const struct workload *workload, struct random_stream *stream,
    struct pod_birth *birth, char room[MADE_NAME_MAX + 1]);

#endif
