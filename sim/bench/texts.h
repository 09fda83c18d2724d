/*
 * texts.h: scenarios and tables of any size, as texts.
 */
#ifndef EPSIM_BENCH_TEXTS_H
#define EPSIM_BENCH_TEXTS_H

#include <stdint.h>

#include "base/text.h"
#include "bench/bench.h"
#include "scenario/scenario.h"

/* `services` Services with a Deployment of `replicas` each, in kubectl's many-line style. */
void texts_add_deployments(struct text *out, uint32_t services, uint32_t replicas);
/* "kind: Scenario" with these lines, each indented by two spaces, in its spec. */
void texts_add_scenario(struct text *out, const char *spec);
/* `changes` deletions of random pods of Deployment web of `replicas`, a millisecond apart. The Deployment
 * replaces each: two pod events. */
void texts_add_replacements(struct text *out, uint32_t replicas, uint64_t changes);
/* Pods of it turn unready and ready in turn. */
void texts_add_readiness(struct text *out, uint32_t replicas, uint64_t changes);
/* Pods of it leave the Service by label and come back. */
void texts_add_relabels(struct text *out, uint32_t replicas, uint64_t changes);
/* `deaths` pods of it die at random, a hundred a second on the mean, and are replaced. A short text. */
void texts_add_churn(struct text *out, uint32_t replicas, uint64_t deaths);
/* texts_add_deployments, with kubelets that take their time: a pod terminates for a second, starts in one and
 * is ready two later. From TEXTS_CHURN_FROM_NS on, when all stand, `deaths` of them die at random, each five
 * pod events: on the mean a thousand a second in all, of few pods a hundred. */
#define TEXTS_CHURN_FROM_NS (10 * NS_PER_S)
void texts_add_slow_churn(struct text *out, uint32_t services, uint32_t replicas, uint64_t deaths);
/* A trace of `services` Services: `pods` pods, of which `standing` a Service live at a time. */
void texts_add_replay(struct text *out, uint32_t services, uint32_t standing, uint64_t pods);
/* The same as a table for `import csv`: columns app, instance, created, deleted. */
void texts_add_csv(struct text *out, uint32_t services, uint32_t standing, uint64_t pods);

/* NULL, with the reason in plan->failure, when the text is no good scenario. */
struct scenario *texts_load(const struct text *text, struct bench_plan *plan);

#endif
