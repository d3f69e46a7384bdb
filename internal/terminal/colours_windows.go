package terminal

import (
	"os"

	"golang.org/x/sys/windows"
)

// Colours lets a terminal show colours. A console of Windows has to be told to
// (https://learn.microsoft.com/windows/console/setconsolemode); a stream that is none stays as
// it is.
func Colours(f *os.File) {
	var mode uint32
	if console := windows.Handle(f.Fd()); windows.GetConsoleMode(console, &mode) == nil {
		_ = windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING)
	}
}
