/*
 * queue.c: a 4-ary heap of small keys for later events, lanes for those of the present instant.
 *
 * A pending event has a slot with what it runs. The heap holds only keys, 24 bytes each,
 * that name slots, so sifting moves little and touches nothing else. Events scheduled at exactly the present
 * time go to the lane of their phase instead.
 *
 * Why lanes and heap together keep the total order (time, phase, sequence):
 * - Lanes only ever hold events at the present time: time cannot pass one, because it comes before
 *   everything later. So lanes are compared by phase alone, and within a lane sequence numbers rise.
 * - The heap may hold events at the present time too, scheduled when it still was the future. Their
 *   keys are compared with the first lane's head by (phase, sequence).
 *
 * Nothing is searched for: a cancelled event leaves its key where it is, recognisable by the slot's
 * generation, until it comes to the front or there is no room. So a key never needs to know where it is.
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

#define SLOT_NONE UINT32_MAX
#define LANE_ENTRIES_MIN 64
#define CACHE_LINE_BYTES 64
/* Smaller heaps are in the second-level cache anyway. */
#define PREFETCH_KEYS_MIN 8192
/* The heap's root and the three levels below it. A place there is left for the next level up, or taken, by
 * one of the next few dozen events: who comes in has so many before it on the mean, and seldom less than a
 * dozen. */
#define NEAR_PLACES (1 + 4 + 16 + 64)
#define NEAR_NOTED_MAX 4

#define PHASE_BITS 4
_Static_assert(PHASE_COUNT_MAX == 1 << PHASE_BITS, "phases fill their bits");
_Static_assert(EVENT_KIND_MAX == UINT32_MAX >> PHASE_BITS, "kinds fill the rest");
/* (phase, sequence) as one number. 2^60 sequence numbers last for 36 years at one a nanosecond. */
#define SEQUENCE_BITS 60
#define SEQUENCE_MAX ((UINT64_C(1) << SEQUENCE_BITS) - 1)

/* One scheduling of one event. */
struct key {
    sim_time at_ns;
    uint64_t order;
    uint32_t slot;
    uint32_t generation; /* the slot's, as long as the event is pending */
};

struct slot {
    sim_time at_ns;
    event_fn *run;
    void *subject;
    uint64_t argument;       /* of a free slot: the next free one */
    uint32_t kind_and_phase; /* the phase in the lowest PHASE_BITS */
    uint32_t generation;
};

/* The time is the present one. An event that was posted has no slot: all that it is stands here. */
struct lane_entry {
    uint64_t order;
    uint32_t slot; /* SLOT_NONE: posted, and the last three fields say what runs */
    uint32_t generation_or_kind;
    event_fn *run;
    void *subject;
    uint64_t argument;
};

struct lane {
    struct lane_entry *entries; /* from head to end */
    uint32_t head;
    uint32_t end;
    uint32_t capacity;
};

struct event_queue {
    sim_time now_ns; /* of the event taken last */
    uint64_t sequence;
    uint32_t count;      /* pending events */
    uint32_t lanes_used; /* bit p: lane p has entries */
    uint32_t free_slot;
    bool has_hole; /* the heap's first key was taken out and nothing put in its place yet */
    VEC(struct key) heap;
    VEC(struct slot) slots;
    struct lane lanes[PHASE_COUNT_MAX];
    struct {
        event_near_fn *call; /* NULL: nobody watches */
        void *observer;
        uint32_t noted_count;
        struct event_handle noted[NEAR_NOTED_MAX]; /* came near, and `call` was not told yet */
    } near;
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
    free(queue);
}

/* --- slots --------------------------------------------------------------------------------------- */

static inline uint32_t slot_take(struct event_queue *queue)
{
    uint32_t slot = queue->free_slot;
    if (slot != SLOT_NONE) {
        queue->free_slot = (uint32_t)queue->slots.items[slot].argument;
        return slot;
    }
    vec_push(&queue->slots, (struct slot){.generation = 1});
    return queue->slots.count - 1;
}

/* Every handle to it becomes stale, and its key is no longer alive. */
static inline void slot_give(struct event_queue *queue, uint32_t number)
{
    struct slot *slot = &queue->slots.items[number];
    if (++slot->generation == 0)
        return;
    slot->argument = queue->free_slot;
    queue->free_slot = number;
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

/* --- the heap ------------------------------------------------------------------------------------ */

static inline bool key_alive(const struct event_queue *queue, const struct key *key)
{
    return queue->slots.items[key->slot].generation == key->generation;
}

/* Without a branch: which of two events is the earlier one is a toss. */
static inline bool key_before(const struct key *a, const struct key *b)
{
    return (a->at_ns < b->at_ns) | ((a->at_ns == b->at_ns) & (a->order < b->order));
}

/* Puts `key` at `place` or above, moving down what is later; returns where. */
static inline uint32_t heap_sift_up(struct key *keys, uint32_t place, struct key key)
{
    while (place > 0) {
        uint32_t parent = (place - 1) / 4;
        if (!key_before(&key, &keys[parent]))
            break;
        keys[place] = keys[parent];
        place = parent;
    }
    keys[place] = key;
    return place;
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
        uint32_t a = choose(key_before(&child[1], &child[0]), 1, 0);
        uint32_t b = choose(key_before(&child[3], &child[2]), 3, 2);
        return first + choose(key_before(&child[b], &child[a]), b, a);
    }
    uint32_t least = first;
    for (uint32_t child = first + 1; child < count; child++)
        least = choose(key_before(&keys[child], &keys[least]), child, least);
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
        mem_prefetch_line(bytes + offset);
}

/* Puts `key` at `place` or below, moving up what is earlier; returns where. */
static inline uint32_t heap_sift_down(struct key *keys, uint32_t count, uint32_t place, struct key key)
{
    for (;;) {
        uint64_t first = (uint64_t)place * 4 + 1;
        if (first >= count)
            break;
        prefetch_grandchildren(keys, first, count);
        uint32_t least = heap_least_child(keys, (uint32_t)first, count);
        if (key_before(&key, &keys[least]))
            break;
        keys[place] = keys[least];
        place = least;
    }
    keys[place] = key;
    return place;
}

/* Keys have moved from the root down to `place`, or up to it: one has come in among those that are near, the
 * one that was put there or, moved up a level, the last one on the way. */
static __attribute__((noinline)) void note_near(struct event_queue *queue, uint32_t place)
{
    if (queue->near.noted_count == NEAR_NOTED_MAX)
        return;
    while (place >= NEAR_PLACES)
        place = (place - 1) / 4;
    const struct key *key = &queue->heap.items[place];
    queue->near.noted[queue->near.noted_count++] = (struct event_handle){key->slot, key->generation};
    mem_prefetch(&queue->slots.items[key->slot], sizeof(struct slot));
}

/* Takes the first key out, and puts the last one in its place. */
static inline void heap_remove_first(struct event_queue *queue)
{
    struct key last = vec_pop(&queue->heap);
    if (queue->heap.count == 0)
        return;
    uint32_t place = heap_sift_down(queue->heap.items, queue->heap.count, 0, last);
    if (queue->near.call)
        note_near(queue, place);
}

/* There is no room: made by putting away dead keys, and by growing when less than half were dead. */
static void heap_make_room(struct event_queue *queue)
{
    struct key *keys = queue->heap.items;
    uint32_t count = 0;
    for (uint32_t i = 0; i < queue->heap.count; i++)
        if (key_alive(queue, &keys[i]))
            keys[count++] = keys[i];
    bool was_dense = count == queue->heap.count;
    queue->heap.count = count;
    for (uint32_t place = was_dense ? 0 : (count + 2) / 4; place-- > 0;)
        heap_sift_down(keys, count, place, keys[place]);
    if (count >= queue->heap.capacity / 2)
        vec_reserve(&queue->heap, (uint64_t)queue->heap.capacity + 1);
}

/* The next event fills the hole that the one before has left, if it comes in time. */
static inline void heap_add(struct event_queue *queue, struct key key)
{
    if (queue->has_hole) {
        queue->has_hole = false;
        uint32_t place = heap_sift_down(queue->heap.items, queue->heap.count, 0, key);
        if (queue->near.call)
            note_near(queue, place);
        return;
    }
    if (queue->heap.count == queue->heap.capacity)
        heap_make_room(queue);
    uint32_t place = heap_sift_up(queue->heap.items, queue->heap.count++, key);
    if (queue->near.call && place < NEAR_PLACES)
        note_near(queue, place);
}

/* The earliest key that is alive; NULL when there is none. */
static inline const struct key *heap_front(struct event_queue *queue)
{
    if (queue->has_hole) {
        queue->has_hole = false;
        heap_remove_first(queue);
    }
    while (queue->heap.count > 0 && !key_alive(queue, queue->heap.items))
        heap_remove_first(queue);
    return queue->heap.count > 0 ? queue->heap.items : NULL;
}

/* The earliest key, alive or not, without closing the hole. */
static inline const struct key *heap_earliest(const struct event_queue *queue)
{
    const struct key *keys = queue->heap.items;
    const uint32_t count = queue->heap.count;
    if (!queue->has_hole)
        return count > 0 ? keys : NULL;
    return count > 1 ? &keys[heap_least_child(keys, 1, count)] : NULL;
}

/* --- lanes --------------------------------------------------------------------------------------- */

static inline bool entry_alive(const struct event_queue *queue, const struct lane_entry *entry)
{
    return entry->slot == SLOT_NONE ||
           queue->slots.items[entry->slot].generation == entry->generation_or_kind;
}

/* Makes room at the end: by closing up when half is gone or dead, else by growing. */
static void lane_make_room(const struct event_queue *queue, struct lane *lane)
{
    uint32_t kept = 0;
    for (uint32_t i = lane->head; i < lane->end; i++)
        if (entry_alive(queue, &lane->entries[i]))
            lane->entries[kept++] = lane->entries[i];
    lane->head = 0;
    lane->end = kept;
    if (kept < lane->capacity / 2)
        return;
    lane->capacity =
        mem_grown_capacity(lane->capacity, lane->capacity ? (uint64_t)lane->capacity + 1 : LANE_ENTRIES_MIN);
    lane->entries = mem_array(lane->entries, lane->capacity, sizeof *lane->entries);
}

static inline struct lane_entry *lane_add(struct event_queue *queue, uint32_t phase)
{
    struct lane *lane = &queue->lanes[phase];
    if (lane->end == lane->capacity)
        lane_make_room(queue, lane);
    queue->lanes_used |= UINT32_C(1) << phase;
    return &lane->entries[lane->end++];
}

/* The first entry of all that is alive, the head of its lane then; NULL when there is none. */
static inline const struct lane_entry *lanes_front(struct event_queue *queue)
{
    while (queue->lanes_used) {
        struct lane *lane = &queue->lanes[__builtin_ctz(queue->lanes_used)];
        while (lane->head < lane->end && !entry_alive(queue, &lane->entries[lane->head]))
            lane->head++;
        if (lane->head < lane->end)
            return &lane->entries[lane->head];
        lane->head = lane->end = 0;
        queue->lanes_used &= queue->lanes_used - 1;
    }
    return NULL;
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

/* A place in the order for an event whose slot is filled in already. */
static inline void slot_enqueue(struct event_queue *queue, uint32_t number, uint32_t phase)
{
    const struct slot *slot = &queue->slots.items[number];
    uint64_t order = order_next(queue, phase);
    if (slot->at_ns == queue->now_ns) {
        struct lane_entry *entry = lane_add(queue, phase);
        entry->order = order;
        entry->slot = number;
        entry->generation_or_kind = slot->generation;
    } else {
        heap_add(queue, (struct key){slot->at_ns, order, number, slot->generation});
    }
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
    EPSIM_ASSERT(phase < PHASE_COUNT_MAX && kind <= EVENT_KIND_MAX);
    if (queue->count >= PENDING_EVENTS_MAX)
        end_too_many();
    uint32_t number = slot_take(queue);
    struct slot *slot = &queue->slots.items[number];
    slot->at_ns = at_ns;
    slot->run = run;
    slot->subject = subject;
    slot->argument = argument;
    slot->kind_and_phase = kind << PHASE_BITS | phase;
    queue->count++;
    slot_enqueue(queue, number, phase);
    return (struct event_handle){number, slot->generation};
}

void event_queue_post(
    struct event_queue *queue, uint32_t phase, uint32_t kind, event_fn *run, void *subject, uint64_t argument)
{
    EPSIM_ASSERT(phase < PHASE_COUNT_MAX && kind <= EVENT_KIND_MAX);
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
    slot_give(queue, handle.slot);
    queue->count--;
    return true;
}

bool event_queue_rearm(struct event_queue *queue, struct event_handle *handle, sim_time at_ns)
{
    EPSIM_ASSERT(at_ns >= queue->now_ns);
    const struct slot *slot = slot_of(queue, *handle);
    if (!slot)
        return false;
    struct slot copy = *slot;
    event_queue_cancel(queue, *handle);
    *handle = event_queue_schedule(queue, at_ns, copy.kind_and_phase & (PHASE_COUNT_MAX - 1),
        copy.kind_and_phase >> PHASE_BITS, copy.run, copy.subject, copy.argument);
    return true;
}

bool event_queue_pending(const struct event_queue *queue, struct event_handle handle)
{
    return slot_of(queue, handle) != NULL;
}

bool event_queue_when(const struct event_queue *queue, struct event_handle handle, sim_time *out_at_ns)
{
    const struct slot *slot = slot_of(queue, handle);
    if (slot)
        *out_at_ns = slot->at_ns;
    return slot != NULL;
}

/* What comes next: the head of a lane, or *out_top; neither: NULL and NULL. While a lane has a head, the hole
 * in the heap mostly stays open for what the next event schedules. */
static inline __attribute__((always_inline)) const struct lane_entry *front(
    struct event_queue *queue, const struct key **out_top)
{
    const struct lane_entry *entry = lanes_front(queue);
    const struct key *top = entry ? heap_earliest(queue) : heap_front(queue);
    if (entry && top && top->at_ns == queue->now_ns && top->order < entry->order) {
        top = heap_front(queue); /* that one may have been cancelled */
        if (top && top->at_ns == queue->now_ns && top->order < entry->order)
            entry = NULL;
    }
    *out_top = entry ? NULL : top;
    return entry;
}

bool event_queue_peek(struct event_queue *queue, sim_time *out_at_ns, uint32_t *out_phase)
{
    const struct key *top;
    const struct lane_entry *entry = front(queue, &top);
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

static inline void slot_take_out(
    struct event_queue *queue, uint32_t number, uint64_t order, struct event *out)
{
    const struct slot *slot = &queue->slots.items[number];
    *out = (struct event){
        .at_ns = queue->now_ns,
        .phase = phase_of(order),
        .kind = slot->kind_and_phase >> PHASE_BITS,
        .sequence = order & SEQUENCE_MAX,
        .run = slot->run,
        .subject = slot->subject,
        .argument = slot->argument,
    };
    slot_give(queue, number);
}

/* Takes the head of its lane. */
static inline void entry_take_out(
    struct event_queue *queue, const struct lane_entry *entry, struct event *out)
{
    if (entry->slot != SLOT_NONE)
        slot_take_out(queue, entry->slot, entry->order, out);
    else
        *out = (struct event){
            .at_ns = queue->now_ns,
            .phase = phase_of(entry->order),
            .kind = entry->generation_or_kind,
            .sequence = entry->order & SEQUENCE_MAX,
            .run = entry->run,
            .subject = entry->subject,
            .argument = entry->argument,
        };
    struct lane *lane = &queue->lanes[out->phase];
    if (++lane->head == lane->end) {
        lane->head = lane->end = 0;
        queue->lanes_used &= ~(UINT32_C(1) << out->phase);
    }
}

/* Mostly the first event of all lanes was posted, and the heap holds none of this instant. */
static inline bool posted_take_out(struct event_queue *queue, sim_time until_ns, struct event *out)
{
    uint32_t phase = (uint32_t)__builtin_ctz(queue->lanes_used);
    struct lane *lane = &queue->lanes[phase];
    const struct lane_entry *entry = &lane->entries[lane->head];
    const struct key *top = heap_earliest(queue);
    if (entry->slot != SLOT_NONE || queue->now_ns > until_ns || (top && top->at_ns == queue->now_ns))
        return false;
    queue->count--;
    out->at_ns = queue->now_ns;
    out->phase = phase;
    out->kind = entry->generation_or_kind;
    out->sequence = entry->order & SEQUENCE_MAX;
    out->run = entry->run;
    out->subject = entry->subject;
    out->argument = entry->argument;
    if (++lane->head == lane->end) {
        lane->head = lane->end = 0;
        queue->lanes_used &= ~(UINT32_C(1) << phase);
    }
    return true;
}

static void tell_near(struct event_queue *queue)
{
    for (uint32_t i = 0; i < queue->near.noted_count; i++) {
        if (slot_of(queue, queue->near.noted[i])) /* it may have run, or been cancelled */
            queue->near.call(queue->near.observer, queue->near.noted[i]);
    }
    queue->near.noted_count = 0;
}

bool event_queue_next_until(struct event_queue *queue, sim_time until_ns, struct event *out)
{
    const struct key *top;
    const struct lane_entry *entry = NULL;
    if (queue->lanes_used) {
        if (posted_take_out(queue, until_ns, out))
            return true;
        entry = front(queue, &top);
    } else {
        top = heap_front(queue);
    }
    if (entry ? queue->now_ns > until_ns : !top || top->at_ns > until_ns)
        return false;
    queue->count--;
    if (entry) {
        entry_take_out(queue, entry, out);
        return true;
    }
    if (queue->near.noted_count)
        tell_near(queue);
    queue->now_ns = top->at_ns;
    slot_take_out(queue, top->slot, top->order, out);
    queue->has_hole = true;
    return true;
}

void event_queue_advance(struct event_queue *queue, sim_time to_ns)
{
    sim_time next_ns;
    EPSIM_ASSERT(to_ns >= queue->now_ns);
    EPSIM_ASSERT(!event_queue_peek(queue, &next_ns, NULL) || next_ns > to_ns);
    queue->now_ns = to_ns;
}

uint32_t event_queue_count(const struct event_queue *queue)
{
    return queue->count;
}

void event_queue_watch_near(struct event_queue *queue, event_near_fn *near, void *observer)
{
    queue->near.call = near;
    queue->near.observer = observer;
    queue->near.noted_count = 0;
}

bool event_queue_look(
    const struct event_queue *queue, struct event_handle handle, uint32_t *out_kind, void **out_subject)
{
    const struct slot *slot = slot_of(queue, handle);
    if (!slot)
        return false;
    *out_kind = slot->kind_and_phase >> PHASE_BITS;
    *out_subject = slot->subject;
    return true;
}
