/*
 * reason.c: see reason.h.
 */
#include "walk/reason.h"

#include "base/check.h"
#include "model/endpoint.h"

/* --- names and rules ------------------------------------------------------------------------- */

/* Rules of the Endpoints controller, of the other two. */
struct reason {
    const char *word;
    const char *endpoints_rule, *slices_rule;
};

static const struct reason reasons[DECISION_KIND_COUNT] = {
    [DECISION_NO_SERVICE] = {"no-service", "E-2", "S-2"},
    [DECISION_EXTERNAL_NAME] = {"external-name", "E-3", "S-3"},
    [DECISION_NO_SELECTOR] = {"no-selector", "E-4", "S-3"},
    [DECISION_CACHE_BEHIND] = {"cache-behind", "E-70", "S-57"},
    [DECISION_WAITS] = {"waits", "C-11", "C-11"},
    [DECISION_ADDRESS_ADDED] = {"address-added", "E-15", NULL},
    [DECISION_ADDRESS_READINESS] = {"address-readiness", "E-15", NULL},
    [DECISION_ADDRESS_REPLACED] = {"address-replaced", "E-13", NULL},
    [DECISION_ADDRESS_GONE] = {"address-gone", NULL, NULL},
    [DECISION_ADDRESS_ABSENT] = {"address-absent", NULL, NULL},
    [DECISION_ADDRESS_SAME] = {"address-same", "E-61", NULL},
    [DECISION_ADDRESS_OMITTED] = {"address-omitted", "E-57", NULL},
    [DECISION_ENDPOINTS_MISSING] = {"endpoints-missing", "E-60", NULL},
    [DECISION_ENDPOINTS_COMPARED] = {"endpoints-compared", "E-61", NULL},
    [DECISION_ENDPOINTS_TRUNCATED] = {"endpoints-truncated", "E-56, E-57", NULL},
    [DECISION_ENDPOINTS_FIT] = {"endpoints-fit", "E-64", NULL},
    [DECISION_ENDPOINTS_UNSEEN] = {"endpoints-unseen", "E-63", NULL},
    [DECISION_ENDPOINTS_DIFFER] = {"endpoints-differ", "E-61", NULL},
    [DECISION_ENDPOINTS_RIGHT] = {"endpoints-right", "E-61", NULL},
    [DECISION_ENDPOINT_WANTED] = {"endpoint-wanted", NULL, "S-42"},
    [DECISION_ENDPOINT_SAME] = {"endpoint-same", NULL, "S-34"},
    [DECISION_ENDPOINT_REPLACED] = {"endpoint-replaced", NULL, "S-34, S-40"},
    [DECISION_ENDPOINT_OTHER] = {"endpoint-other", NULL, "S-33, S-40"},
    [DECISION_ENDPOINT_GONE] = {"endpoint-gone", NULL, NULL},
    [DECISION_ENDPOINT_ABSENT] = {"endpoint-absent", NULL, NULL},
    [DECISION_SLICES_COMPARED] = {"slices-compared", NULL, "S-40"},
    [DECISION_SLICE_KEEPS] = {"slice-keeps", NULL, "S-40"},
    [DECISION_SLICE_RELABELLED] = {"slice-relabelled", NULL, "S-52"},
    [DECISION_SLICE_NOT_OWNED] = {"slice-not-owned", NULL, "S-15"},
    [DECISION_SLICE_EMPTIED] = {"slice-emptied", NULL, "S-41"},
    [DECISION_SLICE_PORTS] = {"slice-ports", NULL, "S-47"},
    [DECISION_SLICE_TYPE] = {"slice-type", NULL, "S-11"},
    [DECISION_SLICE_HINTS] = {"slice-hints", NULL, "H-6, T-3"},
    [DECISION_FILL_WRITTEN] = {"fill-written", NULL, "S-43"},
    [DECISION_FILL_UNCHANGED] = {"fill-unchanged", NULL, "S-44"},
    [DECISION_FILL_NEW_FULL] = {"fill-new-full", NULL, "S-44, S-45"},
    [DECISION_FILL_NEW] = {"fill-new", NULL, "S-44"},
    [DECISION_FILL_BY_POLICY] = {"fill-by-policy", NULL, "what-if"},
    [DECISION_EMPTY_BY_POLICY] = {"empty-by-policy", NULL, "what-if"},
    [DECISION_PLACEHOLDER_WANTED] = {"placeholder-wanted", NULL, "S-48, S-49"},
    [DECISION_PLACEHOLDER_KEPT] = {"placeholder-kept", NULL, "S-48"},
    [DECISION_SLICE_RECYCLED] = {"slice-recycled", NULL, "S-71"},
    [DECISION_CREATES_REFUSED] = {"creates-refused", NULL, "S-64"},
    [DECISION_SLICES_RIGHT] = {"slices-right", NULL, "S-41"},
    [DECISION_MIRROR_NONE] = {"mirror-none", NULL, "M-1, M-2"},
    [DECISION_MIRROR_CAPPED] = {"mirror-capped", NULL, "M-12"},
    [DECISION_MIRROR_SAME] = {"mirror-same", NULL, "M-22"},
    [DECISION_MIRROR_WRITE] = {"mirror-write", NULL, "M-23"},
    [DECISION_MIRROR_SURPLUS] = {"mirror-surplus", NULL, "M-20, M-22"},
    [DECISION_OWNER_GONE] = {"owner-gone", NULL, "S-2, S-50"},
};

/* Why a pod is not there: for an address, for an endpoint. */
static const struct {
    const char *words;
    const char *endpoints_rule, *slices_rule;
} left_outs[] = {
    [LEFT_OUT_NOT] = {"nothing speaks against it", "E-10", "S-25"},
    [LEFT_OUT_DELETED] = {"the pod is gone", "E-5", "S-4"},
    [LEFT_OUT_UNSELECTED] = {"the selector does not match its labels any more", "E-5", "S-4"},
    [LEFT_OUT_FINISHED] = {"its phase is Succeeded or Failed", "E-10", "S-25"},
    [LEFT_OUT_NO_IP] = {"it has no IP yet", "E-10", "S-25"},
    [LEFT_OUT_TERMINATING] = {"it is being deleted", "E-10", "S-25"},
    [LEFT_OUT_OTHER_FAMILY] = {"it has no IP of this family", "E-11", "S-28"},
    [LEFT_OUT_NO_PORT] = {"none of the Service's ports resolves on it", "E-21", "S-25"},
    [LEFT_OUT_NO_NODE] = {"its node is not known", "E-13", "S-27"},
};

const char *reason_kind_text(enum decision_kind kind)
{
    return reasons[kind].word;
}

const char *reason_rule(const struct decision *decision)
{
    bool of_endpoints = decision->controller == CONTROLLER_ENDPOINTS;
    if (decision->left_out != LEFT_OUT_NOT)
        return of_endpoints ? left_outs[decision->left_out].endpoints_rule
                            : left_outs[decision->left_out].slices_rule;
    if (decision->controller == CONTROLLER_MIRRORING && decision->kind == DECISION_SLICE_RECYCLED)
        return "M-30";
    if (decision->controller == CONTROLLER_MIRRORING && decision->kind == DECISION_CACHE_BEHIND)
        return "M-3";
    const struct reason *reason = &reasons[decision->kind];
    return of_endpoints ? reason->endpoints_rule : reason->slices_rule;
}

/* --- parts of sentences ---------------------------------------------------------------------- */

struct sentence {
    struct text *out;
    const struct decision *decision;
    const struct catalog *catalog;
};

static void add_pod(const struct sentence *s)
{
    const struct decision *decision = s->decision;
    text_add(s->out, target_name_here(decision->pod));
    if (!decision->endpoint)
        return;
    char buffer[IP_TEXT_MAX];
    uint32_t length;
    const char *address = endpoint_address(s->catalog, decision->endpoint, 0, buffer, &length);
    text_add(s->out, " (");
    text_add_bytes(s->out, address, length);
    text_add_char(s->out, ')');
}

static void add_slice(const struct sentence *s)
{
    if (s->decision->slice)
        text_add(s->out, catalog_text(s->catalog, s->decision->slice->meta.name));
    else
        text_add(s->out, "a new slice");
}

/* "1 endpoint", "1,203 addresses". */
static void add_count(const struct sentence *s, uint32_t count, const char *one, const char *many)
{
    text_add_grouped(s->out, count);
    text_printf(s->out, " %s", count == 1 ? one : many);
}

static void add_endpoints(const struct sentence *s, uint32_t count)
{
    add_count(s, count, "endpoint", "endpoints");
}

static void add_conditions(const struct sentence *s)
{
    const struct endpoint *endpoint = s->decision->endpoint;
    text_add(s->out, endpoint_ready(endpoint) == CONDITION_TRUE ? "ready" : "not ready");
    if (endpoint_terminating(endpoint) == CONDITION_TRUE)
        text_add(s->out, endpoint_serving(endpoint) == CONDITION_TRUE ? ", still serving, terminating"
                                                                      : ", not serving, terminating");
}

static void add_left_out(const struct sentence *s)
{
    text_printf(s->out, ": %s", left_outs[s->decision->left_out].words);
}

static void add_chance(const struct sentence *s)
{
    if (s->decision->tied < 2)
        return;
    text_add(s->out, ", by chance among ");
    text_add_grouped(s->out, s->decision->tied);
    text_add(s->out, " as good");
}

/* "2 endpoints need a place", and what is known of the slice. */
static void add_need(const struct sentence *s)
{
    add_endpoints(s, s->decision->wanted);
    text_add(s->out, s->decision->wanted == 1 ? " needs a place" : " need a place");
}

static void add_length(const struct sentence *s)
{
    add_slice(s);
    text_printf(s->out, ", %u of %u taken", s->decision->length, s->decision->max);
}

static void add_taking(const struct sentence *s)
{
    if (s->decision->wanted == 1)
        text_add(s->out, ", takes it");
    else if (s->decision->count == s->decision->wanted)
        text_add(s->out, ", takes them all");
    else
        text_printf(s->out, ", takes %u", s->decision->count);
    add_chance(s);
}

/* --- sentences ------------------------------------------------------------------------------- */

static void say_whole(const struct sentence *s)
{
    bool of_endpoints = s->decision->controller == CONTROLLER_ENDPOINTS;
    switch (s->decision->kind) {
    case DECISION_NO_SERVICE:
        text_add(s->out, of_endpoints ? "the Service is gone, and its Endpoints object goes too"
                                      : "the Service is gone; its slices are the garbage collector's affair");
        break;
    case DECISION_EXTERNAL_NAME:
        text_add(s->out, "a Service of type ExternalName has no pods: nothing is touched");
        break;
    case DECISION_NO_SELECTOR:
        text_add(
            s->out, "a Service without a selector has its endpoints from somebody else: nothing is touched");
        break;
    case DECISION_WAITS:
        text_add(s->out, "the batch period is open: all that comes until ");
        text_add_duration(s->out, s->decision->until_ns);
        text_add(s->out, " is looked at then");
        break;
    default:
        text_add(
            s->out, "the cache is behind this controller's own writes: the sync fails and is tried again");
        break;
    }
}

static void say_address(const struct sentence *s)
{
    const struct decision *decision = s->decision;
    add_pod(s);
    switch (decision->kind) {
    case DECISION_ADDRESS_ADDED:
        text_add(s->out, decision->ready ? " counts as ready: it joins the addresses"
                                         : " is not ready: it joins the notReadyAddresses");
        break;
    case DECISION_ADDRESS_READINESS:
        text_add(s->out, decision->ready ? " is ready now: it moves to the addresses"
                                         : " is not ready any more: it moves to the notReadyAddresses");
        break;
    case DECISION_ADDRESS_REPLACED:
        text_add(s->out, " takes the place of what was listed: its IP, node, uid or ports are others now");
        break;
    case DECISION_ADDRESS_GONE:
        text_add(s->out, " leaves");
        add_left_out(s);
        break;
    case DECISION_ADDRESS_ABSENT:
        text_add(s->out, " has no place in the list");
        add_left_out(s);
        break;
    case DECISION_ADDRESS_SAME:
        text_add(s->out, " stays as it is listed: nothing of it that is listed has changed");
        break;
    default:
        text_add(s->out, " is left out: others come before it, and the list is full");
        break;
    }
}

static void add_differs(const struct sentence *s)
{
    static const char *const parts[] = {
        "its addresses or ports", "its labels", "its over-capacity annotation"};
    const char *lead = "";
    for (int i = 0; i < 3; i++) {
        if (!(s->decision->differs & 1 << i))
            continue;
        text_printf(s->out, "%s%s", lead, parts[i]);
        lead = " and ";
    }
}

static void say_endpoints(const struct sentence *s)
{
    const struct decision *decision = s->decision;
    switch (decision->kind) {
    case DECISION_ENDPOINTS_MISSING:
        text_add(s->out, "there is no Endpoints object yet: it is created, with ");
        add_count(s, decision->count, "address", "addresses");
        break;
    case DECISION_ENDPOINTS_COMPARED:
        text_add(s->out, "the whole object is compared with what the pods give, ");
        add_count(s, decision->count, "address", "addresses");
        break;
    case DECISION_ENDPOINTS_TRUNCATED:
        add_count(s, decision->count, "address", "addresses");
        text_add(s->out, ", and an Endpoints object lists at most ");
        text_add_grouped(s->out, decision->max);
        text_add(s->out, ": ");
        text_add_grouped(s->out, decision->count - decision->length);
        text_add(s->out, decision->count - decision->length == 1 ? " is" : " are");
        text_add(s->out, " left out, first who is not ready, then who has the highest IP as a string");
        break;
    case DECISION_ENDPOINTS_FIT:
        add_count(s, decision->count, "address fits", "addresses fit");
        text_add(s->out, " again: nobody is left out any more, and the over-capacity annotation goes");
        break;
    case DECISION_ENDPOINTS_DIFFER:
        add_differs(s);
        text_add(s->out, " must change: the object is written");
        break;
    case DECISION_ENDPOINTS_UNSEEN:
        text_add(s->out, "what is listed stays the same, but over capacity every sync sends the object");
        break;
    default:
        text_add(s->out, "addresses, labels and annotations are as they should be: nothing is written");
        break;
    }
}

static void say_endpoint(const struct sentence *s)
{
    add_pod(s);
    switch (s->decision->kind) {
    case DECISION_ENDPOINT_WANTED:
        text_add(s->out, ", ");
        add_conditions(s);
        text_add(s->out, ", is in no slice: it needs a place");
        break;
    case DECISION_ENDPOINT_SAME:
        text_add(s->out, " stays in ");
        add_slice(s);
        text_add(s->out, ": its endpoint says the same as before");
        break;
    case DECISION_ENDPOINT_REPLACED:
        text_add(s->out, " keeps its place in ");
        add_slice(s);
        text_add(s->out, ", and its endpoint says what is new: ");
        add_conditions(s);
        break;
    case DECISION_ENDPOINT_OTHER:
        text_add(s->out, " leaves ");
        add_slice(s);
        text_add(s->out, ": by its IP or ports it is another endpoint now, which needs a place");
        break;
    case DECISION_ENDPOINT_GONE:
        text_add(s->out, " leaves ");
        add_slice(s);
        add_left_out(s);
        break;
    default:
        text_add(s->out, " has no endpoint");
        add_left_out(s);
        break;
    }
}

static void say_slice(const struct sentence *s)
{
    const struct decision *decision = s->decision;
    if (decision->kind == DECISION_SLICES_COMPARED) {
        text_add(s->out, "all slices are compared with what the pods give: ");
        add_endpoints(s, decision->count);
        text_add(s->out, " wanted, ");
        if (decision->length == 0) {
            text_add(s->out, "none of them in a slice so far");
            return;
        }
        text_add_grouped(s->out, decision->length);
        text_add(
            s->out, decision->length == 1 ? " of them stays in its slice" : " of them stay in their slices");
        return;
    }
    add_slice(s);
    switch (decision->kind) {
    case DECISION_SLICE_KEEPS:
        text_printf(s->out, " keeps %u of its ", decision->count);
        add_endpoints(s, decision->length);
        break;
    case DECISION_SLICE_RELABELLED:
        text_add(s->out, " is written for its labels, as the Service has others now");
        break;
    case DECISION_SLICE_NOT_OWNED:
        text_add(s->out, " has not this Service as its owner: it is deleted");
        break;
    case DECISION_SLICE_EMPTIED:
        text_add(s->out, " keeps no endpoint: it is to be deleted");
        break;
    case DECISION_SLICE_PORTS:
        text_add(s->out, decision->slice->ports->count
                             ? " has ports that no endpoint asks for any more: it is to be deleted"
                             : " is empty and without ports, as no endpoint wants it: it may go");
        break;
    case DECISION_SLICE_TYPE:
        text_add(s->out, " is of an address type that the Service does not have: it is deleted");
        break;
    case DECISION_SLICE_HINTS:
        text_add(s->out, " is written for its hints alone");
        break;
    default:
        text_add(s->out, " goes: its owner, the Service or the Endpoints object, is gone");
        break;
    }
}

static void say_fill(const struct sentence *s)
{
    const struct decision *decision = s->decision;
    if (decision->kind != DECISION_EMPTY_BY_POLICY)
        add_need(s);
    switch (decision->kind) {
    case DECISION_FILL_WRITTEN:
        text_add(s->out, "; slices that are written anyway come first, the longest of them before others: ");
        add_length(s);
        add_taking(s);
        break;
    case DECISION_FILL_UNCHANGED:
        text_printf(s->out, "; of the slices with room for %s the fullest is ",
            decision->wanted == 1 ? "it" : "all of them");
        add_length(s);
        text_add(s->out, decision->wanted == 1 ? ": it goes there" : ": they go there");
        add_chance(s);
        break;
    case DECISION_FILL_NEW_FULL:
        text_printf(s->out, ", and a slice holds %u: a new one is filled whole", decision->max);
        break;
    case DECISION_FILL_NEW:
        text_printf(s->out, ", and no slice of %s ports has room for %s: a new one is made",
            decision->wanted == 1 ? "its" : "their", decision->wanted == 1 ? "it" : "all of them");
        break;
    case DECISION_FILL_BY_POLICY:
        text_add(s->out, "; the packing policy, a what-if, takes ");
        text_printf(s->out, "%u to ", decision->count);
        add_length(s);
        break;
    default:
        text_add(s->out, "the packing policy, a what-if, empties ");
        add_slice(s);
        text_add(s->out, ": ");
        add_endpoints(s, decision->length);
        text_add(s->out, decision->length == 1 ? " moves" : " move");
        break;
    }
}

static void say_last(const struct sentence *s)
{
    switch (s->decision->kind) {
    case DECISION_PLACEHOLDER_WANTED:
        text_add(s->out, "no slice would be left, and a Service always has one: an empty one is needed");
        break;
    case DECISION_PLACEHOLDER_KEPT:
        add_slice(s);
        text_add(s->out, " is all there is, and just what a Service without endpoints has: it stays");
        break;
    case DECISION_SLICE_RECYCLED:
        add_slice(s);
        text_add(s->out, " is not deleted: under its name comes the new slice, with ");
        add_endpoints(s, s->decision->count);
        add_chance(s);
        break;
    case DECISION_CREATES_REFUSED:
        text_add(s->out, "the Service is being deleted: no slice is created for it any more");
        break;
    default:
        text_add(s->out, "every endpoint stands where it should: nothing is written");
        break;
    }
}

static void say_mirror(const struct sentence *s)
{
    const struct decision *decision = s->decision;
    switch (decision->kind) {
    case DECISION_MIRROR_NONE:
        text_add(s->out, "there is nothing to mirror (only Endpoints of a Service without a selector are): ");
        add_count(s, decision->count, "slice is deleted", "slices are deleted");
        break;
    case DECISION_MIRROR_CAPPED:
        add_count(s, decision->count, "address is", "addresses are");
        text_add(s->out, " not mirrored: no IP, or beyond the first ");
        text_add_grouped(s->out, decision->max);
        text_add(s->out, " of a subset");
        break;
    case DECISION_MIRROR_SAME:
        add_slice(s);
        text_add(s->out, " says what the Endpoints object says: it is not written");
        break;
    case DECISION_MIRROR_WRITE:
        add_slice(s);
        text_add(s->out, " is written as a whole after the Endpoints object, with ");
        add_endpoints(s, decision->count);
        break;
    default:
        add_slice(s);
        text_add(s->out, " is one too many for its ports: it is to be deleted");
        break;
    }
}

void reason_add_words(struct text *out, const struct decision *decision, const struct catalog *catalog)
{
    const struct sentence sentence = {out, decision, catalog};
    enum decision_kind kind = decision->kind;
    EPSIM_ASSERT(kind < DECISION_KIND_COUNT);
    if (kind <= DECISION_WAITS)
        say_whole(&sentence);
    else if (kind <= DECISION_ADDRESS_OMITTED)
        say_address(&sentence);
    else if (kind <= DECISION_ENDPOINTS_RIGHT)
        say_endpoints(&sentence);
    else if (kind <= DECISION_ENDPOINT_ABSENT)
        say_endpoint(&sentence);
    else if (kind <= DECISION_SLICE_HINTS || kind == DECISION_OWNER_GONE)
        say_slice(&sentence);
    else if (kind <= DECISION_EMPTY_BY_POLICY)
        say_fill(&sentence);
    else if (kind <= DECISION_SLICES_RIGHT)
        say_last(&sentence);
    else
        say_mirror(&sentence);
}
