package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// peak is the most memory that a process held, in bytes. Linux counts KiB.
func peak(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return usage.Maxrss << 10
}

// Of waitid(2): wait for the process of one ID until it has ended, and leave it
// there for somebody else to wait for.
const (
	idIsProcess = 1 // P_PID
	untilEnd    = syscall.WEXITED | syscall.WNOWAIT
)

// ownCPU waits for the end of a process and returns the time that it had of the
// processors by itself, in ticks of 10 ms. What wait4(2) tells has the time of its
// children in it too, if it waited for them. Afterwards the process is still to be
// waited for.
func ownCPU(pid int) (time.Duration, error) {
	for {
		_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, idIsProcess, uintptr(pid), 0, untilEnd, 0, 0)
		if errno == 0 {
			break
		}
		if !errors.Is(errno, syscall.EINTR) {
			return 0, errno
		}
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	return ownTime(string(stat))
}

// ownTime is utime and stime of a /proc/PID/stat (proc_pid_stat(5)), the 14th and
// the 15th field. The second is the program's name in brackets, which may hold
// spaces and brackets.
func ownTime(stat string) (time.Duration, error) {
	const third, tick = 3, 10 * time.Millisecond // USER_HZ is 100 wherever Go runs
	fields := strings.Fields(stat[strings.LastIndex(stat, ")")+1:])
	var sum time.Duration
	for _, number := range []int{14, 15} {
		if len(fields) <= number-third {
			return 0, errors.New("/proc/PID/stat is too short")
		}
		ticks, err := strconv.ParseInt(fields[number-third], 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(ticks) * tick
	}
	return sum, nil
}
