package main

import (
	"fmt"
	"math/rand/v2"

	"k8s.io/apimachinery/pkg/types"
)

// random draws everything that the harness decides; what Go's maps decide inside the controllers is not among it.
type random struct{ *rand.Rand }

func newRandom(seed uint64, stream uint64) random {
	return random{rand.New(rand.NewPCG(seed, stream))}
}

func (r random) chance(p float64) bool { return r.Float64() < p }

// between draws from low to high, both included.
func (r random) between(low, high int) int { return low + r.IntN(high-low+1) }

func pick[T any](r random, items ...T) T { return items[r.IntN(len(items))] }

// suffix is what the API server appends to a generateName.
func (r random) suffix() string {
	const letters = "bcdfghjklmnpqrstvwxz2456789"
	text := make([]byte, 5)
	for i := range text {
		text[i] = letters[r.IntN(len(letters))]
	}
	return string(text)
}

func (r random) uid() types.UID {
	a, b := r.Uint64(), r.Uint64()
	a = a&^0xf000 | 0x4000    // version 4
	b = b&^(0b11<<62) | 1<<63 // variant
	return types.UID(fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff))
}

// weighted is a choice with a weight.
type weighted[T any] struct {
	weight int
	item   T
}

func pickWeighted[T any](r random, items []weighted[T]) T {
	total := 0
	for _, w := range items {
		total += w.weight
	}
	n := r.IntN(total)
	for _, w := range items {
		if n < w.weight {
			return w.item
		}
		n -= w.weight
	}
	panic("weights do not add up")
}
