// Command harness records what the real Endpoints, EndpointSlice and EndpointSliceMirroring controllers do.
//
// It runs the controllers of the Kubernetes release that go.mod names, on clusters that it makes up, and writes what
// they did, one JSON object a line. README.md says what is real and what is made up.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
)

const usage = `usage: harness steps     [options]   single syncs of random programs, with users who know what they do
       harness wild      [options]   single syncs after edits that nobody should make
       harness sequences [options]   whole histories, each run many times

options:
`

// options are what the command line says.
type options struct {
	kind     string
	seed     uint64
	programs int
	steps    int
	runs     int
	tries    int
	pods     int
	output   string
}

func parse(args []string) (options, error) {
	o := options{}
	flags := flag.NewFlagSet("harness", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), usage)
		flags.PrintDefaults()
		fmt.Fprintln(flags.Output(), "\nexample:\n  harness steps -seed 1 -programs 30 -o steps.ndjson.gz")
	}
	if len(args) == 0 {
		flags.Usage()
		return o, flag.ErrHelp
	}
	o.kind = args[0]
	if o.kind == "-h" || o.kind == "--help" || o.kind == "help" {
		flags.Usage()
		return o, flag.ErrHelp
	}
	flags.Uint64Var(&o.seed, "seed", 1, "`number` of the first program or history; the next ones count up from it")
	flags.IntVar(&o.programs, "programs", 20, "how many programs or histories")
	flags.IntVar(&o.steps, "steps", 25, "steps in each")
	flags.IntVar(&o.runs, "runs", 64, "sequences: how often the controllers run each history")
	flags.IntVar(&o.tries, "tries", 24, "steps and wild: how often each sync is tried; one whose tries differ is not recorded")
	flags.IntVar(&o.pods, "pods", 0, "at most so many pods in a cluster; 0: drawn for each")
	flags.StringVar(&o.output, "o", "-", "`file` to write, compressed if it ends in .gz; - is standard output")
	if err := flags.Parse(args[1:]); err != nil {
		return o, err
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case o.programs < 1 || o.steps < 1 || o.runs < 1 || o.tries < 1 || o.pods < 0:
		return o, fmt.Errorf("numbers must be positive")
	}
	return o, nil
}

func run(o options) error {
	out, err := createLines(o.output)
	if err != nil {
		return err
	}
	began := time.Now()
	for i := range o.programs {
		number := o.seed + uint64(i)
		switch o.kind {
		case "steps", "wild":
			err = recordProgram(out, o, number)
		case "sequences":
			err = recordSequence(out, o, number)
		default:
			err = fmt.Errorf("unknown kind %q: steps, wild or sequences", o.kind)
		}
		if err != nil {
			out.close()
			return err
		}
		if isTerminal() {
			fmt.Fprintf(os.Stderr, "\r%d of %d", i+1, o.programs)
		}
	}
	if isTerminal() {
		fmt.Fprintln(os.Stderr)
	}
	fmt.Fprintf(os.Stderr, "%d lines of Kubernetes %s in %.0f s\n", out.count, release(), time.Since(began).Seconds())
	return out.close()
}

func isTerminal() bool {
	info, err := os.Stderr.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func main() {
	klog.SetLogger(logr.Discard())
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(o)
	}
	if err != nil {
		if err != flag.ErrHelp {
			fmt.Fprintln(os.Stderr, "harness:", err)
		}
		os.Exit(2)
	}
}
