/*
 * queue.c: a 4-ary heap of small keys for later events, lanes for those of the present instant.
 *
 * A pending event has a slot with what it runs. The heap holds only keys of 24 bytes that name slots,
 * so sifting moves little; where in the heap a slot's key is stands in an array of its own, for the
 * same reason. Events scheduled at exactly the present time go to the lane of their phase instead.
 *
 * Why lanes and heap together keep the total order (time, phase, sequence):
 * - Lanes only ever hold events at the present time: time cannot pass one, because it comes before
 *   everything later. So lanes are compared by phase alone, and within a lane sequence numbers rise.
 * - The heap may hold events at the present time too, scheduled when it still was the future. Their
 *   keys are compared with the first lane's head by (phase, sequence).
 *
 * An event that was posted has no slot: all that it is stands in its entry of the lane. A cancelled event
 * leaves its entry in the lane, recognisable by the slot's generation; the head of a lane is always alive, so
 * looking at the next event changes nothing.
 *
 * A slot's generation rises whenever a handle becomes stale. A slot whose generation is used up is
 * never used again (after 2^32 - 1 events), so a stale handle cannot hit somebody else's event.
 */
#include "kernel/queue.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/mem.h"
#include "base/vec.h"

#define PLACE_LANE UINT32_MAX
#define SLOT_NONE UINT32_MAX
#define LANE_ENTRIES_MIN 64
#define CACHE_LINE_BYTES 64
/* Smaller heaps are in the second-level cache anyway. */
#define PREFETCH_KEYS_MIN 8192

/* (phase, sequence) as one number. 2^60 sequence numbers last for 36 years at one a nanosecond. */
#define SEQUENCE_BITS 60
#define SEQUENCE_MAX ((UINT64_C(1) << SEQUENCE_BITS) - 1)

struct key {
    sim_time at_ns;
    uint64_t order;
    uint32_t slot;
};

struct slot {
    event_fn *run;
    void *subject;
    uint64_t argument;
    uint64_t order;
    uint32_t kind;
    uint32_t generation;
};

struct lane_entry {
    uint64_t order;
    uint32_t slot; /* SLOT_NONE: it was posted, and the last three fields say what runs */
    uint32_t generation_or_kind;
    event_fn *run;
    void *subject;
    uint64_t argument;
};

struct lane {
    struct lane_entry *entries;
    uint32_t head;
    uint32_t end;
    uint32_t alive; /* entries from head to end that were not cancelled */
    uint32_t capacity;
};

struct event_queue {
    sim_time now_ns; /* of the event taken last */
    uint64_t sequence;
    uint32_t count;
    uint32_t lanes_used; /* bit p: lane p has a head */
    uint32_t free_slot;  /* the list goes on in `places` */
    bool has_hole;       /* the heap's first key was taken out and nothing put in its place yet */
    VEC(struct key) heap;
    VEC(struct slot) slots;
    uint32_t *places; /* by slot: index in the heap, PLACE_LANE, or when free the next free slot */
    uint32_t places_capacity;
    struct lane lanes[PHASE_COUNT_MAX];
};

struct event_queue *event_queue_create(void)
{
    struct event_queue *queue = mem_zalloc(sizeof *queue);
    queue->free_slot = SLOT_NONE;
    return queue;
}

void event_queue_destroy(struct event_queue *queue)
{
    if (!queue)
        return;
    for (int i = 0; i < PHASE_COUNT_MAX; i++)
        free(queue->lanes[i].entries);
    vec_fini(&queue->heap);
    vec_fini(&queue->slots);
    free(queue->places);
    free(queue);
}

/* --- slots --------------------------------------------------------------------------------------- */

static inline uint32_t slot_take(struct event_queue *queue)
{
    uint32_t slot = queue->free_slot;
    if (slot != SLOT_NONE) {
        queue->free_slot = queue->places[slot];
        return slot;
    }
    slot = queue->slots.count;
    vec_push(&queue->slots, (struct slot){.generation = 1});
    if (queue->places_capacity < queue->slots.capacity) {
        queue->places = mem_array(queue->places, queue->slots.capacity, sizeof *queue->places);
        queue->places_capacity = queue->slots.capacity;
    }
    return slot;
}

/* Every handle to it becomes stale. */
static inline void slot_give(struct event_queue *queue, uint32_t slot)
{
    if (++queue->slots.items[slot].generation == 0)
        return;
    queue->places[slot] = queue->free_slot;
    queue->free_slot = slot;
}

/* The slot that a handle names, or NULL when it is stale or the handle of no event. A free slot's
 * generation has been given to nobody yet. */
static struct slot *slot_of(const struct event_queue *queue, struct event_handle handle)
{
    if (handle.generation == 0 || handle.slot >= queue->slots.count)
        return NULL;
    struct slot *slot = &queue->slots.items[handle.slot];
    return slot->generation == handle.generation ? slot : NULL;
}

/* --- the heap ------------------------------------------------------------------------------------
 * Keys are passed in registers and compared without branches where two are as likely: which of two events is
 * the earlier one is a toss. */

static inline bool comes_before(sim_time at_ns, uint64_t order, const struct key *key)
{
    return (at_ns < key->at_ns) | ((at_ns == key->at_ns) & (order < key->order));
}

static inline void heap_set(struct event_queue *queue, uint32_t place, struct key *keys, sim_time at_ns,
    uint64_t order, uint32_t slot)
{
    keys[place].at_ns = at_ns;
    keys[place].order = order;
    keys[place].slot = slot;
    queue->places[slot] = place;
}

/* Puts a key at `place` or above, moving down what is later. */
static inline void heap_sift_up(
    struct event_queue *queue, uint32_t place, sim_time at_ns, uint64_t order, uint32_t slot)
{
    struct key *keys = queue->heap.items;
    while (place > 0) {
        uint32_t parent = (place - 1) / 4;
        if (!comes_before(at_ns, order, &keys[parent]))
            break;
        heap_set(queue, place, keys, keys[parent].at_ns, keys[parent].order, keys[parent].slot);
        place = parent;
    }
    heap_set(queue, place, keys, at_ns, order, slot);
}

/* `then` if `condition`, else `otherwise`. */
static inline uint32_t choose(bool condition, uint32_t then, uint32_t otherwise)
{
    return otherwise ^ ((then ^ otherwise) & -(uint32_t)condition);
}

/* The earliest of the children from `first` on, of which at least one is there. */
static inline uint32_t heap_least_child(const struct key *keys, uint32_t first, uint32_t count)
{
    if (count - first >= 4) {
        const struct key *child = &keys[first];
        uint32_t a = choose(comes_before(child[1].at_ns, child[1].order, &child[0]), 1, 0);
        uint32_t b = choose(comes_before(child[3].at_ns, child[3].order, &child[2]), 3, 2);
        return first + choose(comes_before(child[b].at_ns, child[b].order, &child[a]), b, a);
    }
    uint32_t least = first;
    for (uint32_t child = first + 1; child < count; child++)
        least = choose(comes_before(keys[child].at_ns, keys[child].order, &keys[least]), child, least);
    return least;
}

/* In a heap larger than the caches, the way down would be one miss after the other. The children of all four
 * children lie side by side, so what comes next can be fetched while the present four are compared. */
static inline void prefetch_grandchildren(const struct key *keys, uint64_t first_child, uint32_t count)
{
    uint64_t first = first_child * 4 + 1;
    if (count < PREFETCH_KEYS_MIN || first + 16 > count)
        return;
    const char *bytes = (const char *)&keys[first];
    for (size_t offset = 0; offset < 16 * sizeof *keys; offset += CACHE_LINE_BYTES)
        __builtin_prefetch(bytes + offset);
}

/* Puts a key at `place` or below, moving up what is earlier. */
static inline void heap_sift_down(
    struct event_queue *queue, uint32_t place, sim_time at_ns, uint64_t order, uint32_t slot)
{
    struct key *keys = queue->heap.items;
    const uint32_t count = queue->heap.count;
    for (;;) {
        uint64_t first = (uint64_t)place * 4 + 1;
        if (first >= count)
            break;
        prefetch_grandchildren(keys, first, count);
        uint32_t least = heap_least_child(keys, (uint32_t)first, count);
        if (comes_before(at_ns, order, &keys[least]))
            break;
        heap_set(queue, place, keys, keys[least].at_ns, keys[least].order, keys[least].slot);
        place = least;
    }
    heap_set(queue, place, keys, at_ns, order, slot);
}

/* A key that comes from elsewhere in the heap may have to go either way: its old parent need not be an
 * ancestor of `place`. */
static void heap_put(struct event_queue *queue, uint32_t place, sim_time at_ns, uint64_t order, uint32_t slot)
{
    if (place > 0 && comes_before(at_ns, order, &queue->heap.items[(place - 1) / 4]))
        heap_sift_up(queue, place, at_ns, order, slot);
    else
        heap_sift_down(queue, place, at_ns, order, slot);
}

/* The next event fills the hole that the one before has left, if it comes in time. */
static inline void heap_add(struct event_queue *queue, sim_time at_ns, uint64_t order, uint32_t slot)
{
    if (queue->has_hole) {
        queue->has_hole = false;
        heap_sift_down(queue, 0, at_ns, order, slot);
        return;
    }
    if (queue->heap.count == queue->heap.capacity)
        vec_reserve(&queue->heap, (uint64_t)queue->heap.count + 1);
    heap_sift_up(queue, queue->heap.count++, at_ns, order, slot);
}

/* Closes the hole with the last key. */
static inline void heap_settle(struct event_queue *queue)
{
    if (!queue->has_hole)
        return;
    queue->has_hole = false;
    const struct key *last = &queue->heap.items[--queue->heap.count];
    if (queue->heap.count > 0)
        heap_sift_down(queue, 0, last->at_ns, last->order, last->slot);
}

static void heap_remove(struct event_queue *queue, uint32_t place)
{
    struct key last = vec_pop(&queue->heap);
    if (place < queue->heap.count)
        heap_put(queue, place, last.at_ns, last.order, last.slot);
}

/* --- lanes --------------------------------------------------------------------------------------- */

static bool entry_alive(const struct event_queue *queue, const struct lane_entry *entry)
{
    return entry->slot == SLOT_NONE ||
           queue->slots.items[entry->slot].generation == entry->generation_or_kind;
}

/* Makes room at the end: by closing up when half is gone or dead, else by growing. */
static void lane_make_room(struct event_queue *queue, struct lane *lane)
{
    if (lane->alive < lane->capacity / 2) {
        uint32_t kept = 0;
        for (uint32_t i = lane->head; i < lane->end; i++) {
            if (entry_alive(queue, &lane->entries[i]))
                lane->entries[kept++] = lane->entries[i];
        }
        lane->head = 0;
        lane->end = kept;
        return;
    }
    uint32_t capacity =
        mem_grown_capacity(lane->capacity, lane->capacity ? (uint64_t)lane->capacity + 1 : LANE_ENTRIES_MIN);
    lane->entries = mem_array(lane->entries, capacity, sizeof *lane->entries);
    lane->capacity = capacity;
}

static struct lane_entry *lane_add(struct event_queue *queue, uint32_t phase)
{
    struct lane *lane = &queue->lanes[phase];
    if (lane->end == lane->capacity)
        lane_make_room(queue, lane);
    lane->alive++;
    queue->lanes_used |= UINT32_C(1) << phase;
    return &lane->entries[lane->end++];
}

/* One entry fewer is alive, which the caller has seen to: restores that the head is alive. */
static void lane_trim(struct event_queue *queue, uint32_t phase)
{
    struct lane *lane = &queue->lanes[phase];
    if (--lane->alive == 0) {
        lane->head = lane->end = 0;
        queue->lanes_used &= ~(UINT32_C(1) << phase);
        return;
    }
    while (!entry_alive(queue, &lane->entries[lane->head]))
        lane->head++;
}

/* --- the interface ------------------------------------------------------------------------------- */

static inline uint32_t phase_of(uint64_t order)
{
    return (uint32_t)(order >> SEQUENCE_BITS);
}

static inline uint64_t order_next(struct event_queue *queue, uint32_t phase)
{
    EPSIM_ASSERT(queue->sequence < SEQUENCE_MAX);
    return (uint64_t)phase << SEQUENCE_BITS | ++queue->sequence;
}

/* A new place in the order for an event whose slot is filled in already. */
static inline void slot_enqueue(struct event_queue *queue, uint32_t number, sim_time at_ns, uint32_t phase)
{
    struct slot *slot = &queue->slots.items[number];
    slot->order = order_next(queue, phase);
    if (at_ns == queue->now_ns) {
        queue->places[number] = PLACE_LANE;
        struct lane_entry *entry = lane_add(queue, phase);
        entry->order = slot->order;
        entry->slot = number;
        entry->generation_or_kind = slot->generation;
    } else {
        heap_add(queue, at_ns, slot->order, number);
    }
}

static void slot_dequeue(struct event_queue *queue, uint32_t number)
{
    heap_settle(queue);
    uint32_t place = queue->places[number];
    uint32_t phase = phase_of(queue->slots.items[number].order);
    slot_give(queue, number);
    queue->count--;
    if (place == PLACE_LANE)
        lane_trim(queue, phase);
    else
        heap_remove(queue, place);
}

static _Noreturn void end_too_many(void)
{
    fflush(stdout);
    fprintf(stderr, "epsim: more than %" PRIu32 " events are pending; the scenario grows without end\n",
        PENDING_EVENTS_MAX);
    exit(1);
}

struct event_handle event_queue_schedule(struct event_queue *queue, sim_time at_ns, uint32_t phase,
    uint32_t kind, event_fn *run, void *subject, uint64_t argument)
{
    EPSIM_ASSERT(at_ns >= queue->now_ns);
    EPSIM_ASSERT(phase < PHASE_COUNT_MAX);
    if (queue->count >= PENDING_EVENTS_MAX)
        end_too_many();
    uint32_t number = slot_take(queue);
    struct slot *slot = &queue->slots.items[number];
    slot->run = run;
    slot->subject = subject;
    slot->argument = argument;
    slot->kind = kind;
    queue->count++;
    slot_enqueue(queue, number, at_ns, phase);
    return (struct event_handle){number, slot->generation};
}

void event_queue_post(
    struct event_queue *queue, uint32_t phase, uint32_t kind, event_fn *run, void *subject, uint64_t argument)
{
    EPSIM_ASSERT(phase < PHASE_COUNT_MAX);
    if (queue->count >= PENDING_EVENTS_MAX)
        end_too_many();
    queue->count++;
    struct lane_entry *entry = lane_add(queue, phase);
    entry->order = order_next(queue, phase);
    entry->slot = SLOT_NONE;
    entry->generation_or_kind = kind;
    entry->run = run;
    entry->subject = subject;
    entry->argument = argument;
}

bool event_queue_cancel(struct event_queue *queue, struct event_handle handle)
{
    if (!slot_of(queue, handle))
        return false;
    slot_dequeue(queue, handle.slot);
    return true;
}

bool event_queue_rearm(struct event_queue *queue, struct event_handle *handle, sim_time at_ns)
{
    EPSIM_ASSERT(at_ns >= queue->now_ns);
    struct slot *slot = slot_of(queue, *handle);
    if (!slot)
        return false;
    heap_settle(queue);
    uint32_t place = queue->places[handle->slot];
    uint32_t phase = phase_of(slot->order);
    if (place != PLACE_LANE && at_ns != queue->now_ns && slot->generation != UINT32_MAX) {
        /* Within the heap the key moves once instead of going and coming. */
        slot->order = order_next(queue, phase);
        handle->generation = ++slot->generation;
        heap_put(queue, place, at_ns, slot->order, handle->slot);
        return true;
    }
    struct slot copy = *slot;
    slot_dequeue(queue, handle->slot);
    *handle = event_queue_schedule(queue, at_ns, phase, copy.kind, copy.run, copy.subject, copy.argument);
    return true;
}

bool event_queue_pending(const struct event_queue *queue, struct event_handle handle)
{
    return slot_of(queue, handle) != NULL;
}

bool event_queue_when(const struct event_queue *queue, struct event_handle handle, sim_time *out_at_ns)
{
    if (!slot_of(queue, handle))
        return false;
    uint32_t place = queue->places[handle.slot];
    *out_at_ns = place == PLACE_LANE ? queue->now_ns : queue->heap.items[place].at_ns;
    return true;
}

/* The earliest key; NULL when there is none. */
static inline const struct key *heap_top(const struct event_queue *queue)
{
    const struct key *keys = queue->heap.items;
    const uint32_t count = queue->heap.count;
    if (!queue->has_hole)
        return count > 0 ? keys : NULL;
    return count > 1 ? &keys[heap_least_child(keys, 1, count)] : NULL;
}

/* The head of the first lane, if it comes before `top` of the heap (may be NULL); else NULL. */
static inline const struct lane_entry *lanes_next(const struct event_queue *queue, const struct key *top)
{
    if (!queue->lanes_used)
        return NULL;
    const struct lane *lane = &queue->lanes[__builtin_ctz(queue->lanes_used)];
    const struct lane_entry *entry = &lane->entries[lane->head];
    return top && top->at_ns == queue->now_ns && top->order < entry->order ? NULL : entry;
}

bool event_queue_peek(const struct event_queue *queue, sim_time *out_at_ns, uint32_t *out_phase)
{
    const struct key *top = heap_top(queue);
    const struct lane_entry *entry = lanes_next(queue, top);
    if (!entry && !top)
        return false;
    if (out_at_ns)
        *out_at_ns = entry ? queue->now_ns : top->at_ns;
    if (out_phase)
        *out_phase = phase_of(entry ? entry->order : top->order);
    return true;
}

bool event_queue_next(struct event_queue *queue, struct event *out)
{
    return event_queue_next_until(queue, SIM_TIME_NEVER, out);
}

static inline void slot_take_out(struct event_queue *queue, uint32_t number, struct event *out)
{
    const struct slot *slot = &queue->slots.items[number];
    *out = (struct event){
        .at_ns = queue->now_ns,
        .phase = phase_of(slot->order),
        .kind = slot->kind,
        .sequence = slot->order & SEQUENCE_MAX,
        .run = slot->run,
        .subject = slot->subject,
        .argument = slot->argument,
    };
    slot_give(queue, number);
    queue->count--;
}

/* Takes the head of its lane. */
static inline void entry_take(struct event_queue *queue, const struct lane_entry *entry, struct event *out)
{
    if (entry->slot != SLOT_NONE) {
        slot_take_out(queue, entry->slot, out);
    } else {
        *out = (struct event){
            .at_ns = queue->now_ns,
            .phase = phase_of(entry->order),
            .kind = entry->generation_or_kind,
            .sequence = entry->order & SEQUENCE_MAX,
            .run = entry->run,
            .subject = entry->subject,
            .argument = entry->argument,
        };
        queue->count--;
        queue->lanes[out->phase].head++;
    }
    lane_trim(queue, out->phase);
}

bool event_queue_next_until(struct event_queue *queue, sim_time until_ns, struct event *out)
{
    const struct lane_entry *entry = lanes_next(queue, heap_top(queue));
    if (entry) {
        if (queue->now_ns > until_ns)
            return false;
        entry_take(queue, entry, out);
        return true;
    }
    heap_settle(queue);
    const struct key *top = heap_top(queue);
    if (!top || top->at_ns > until_ns)
        return false;
    queue->now_ns = top->at_ns;
    slot_take_out(queue, top->slot, out);
    queue->has_hole = true;
    return true;
}

uint32_t event_queue_count(const struct event_queue *queue)
{
    return queue->count;
}
