package main

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// The admin paths are not of Nairi's API, and cannot be mistaken for it.
const (
	adminPrefix = "/_emulator/"
	faultsPath  = adminPrefix + "faults"
	statePath   = adminPrefix + "state"
	secretsPath = adminPrefix + "secrets/"
	stopPath    = adminPrefix + "stop"
)

// maxScript is how much of a script is read.
const maxScript = 1 << 20

// admin lets a test set faults and see values. It is not the emulator that
// answers, so no fault is for it.
type admin struct {
	emulator *nairitest.Emulator
	key      string
	end      func() // ends the program
}

// withAdmin puts the admin paths before the emulator if there is a key to ask
// for; without one they are not there.
func withAdmin(e *nairitest.Emulator, key string, end func()) http.Handler {
	if key == "" {
		return e
	}
	a := &admin{e, key, end}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+faultsPath, a.showFaults)
	mux.HandleFunc("POST "+faultsPath, a.addFaults)
	mux.HandleFunc("DELETE "+faultsPath, a.dropFaults)
	mux.HandleFunc("GET "+statePath, a.showState)
	mux.HandleFunc("PATCH "+secretsPath+"{id}", a.setTime)
	mux.HandleFunc("POST "+statePath, a.addState)
	mux.HandleFunc("POST "+stopPath, a.stop)
	admin := a.guard(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, adminPrefix) {
			admin.ServeHTTP(w, r)
			return
		}
		e.ServeHTTP(w, r) // as it came: a mux would redirect //
	})
}

// guard asks for the admin key.
func (a *admin) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := r.Header.Get("Authorization")
		if subtle.ConstantTimeCompare([]byte(given), []byte("Bearer "+a.key)) != 1 {
			write(w, http.StatusUnauthorized, failure{"the admin key is asked for, as a bearer token"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// failure is an error, in the shape of the API's.
type failure struct {
	Error string `json:"error"`
}

// faultList is faults in the form of the flag -fault.
type faultList struct {
	Faults []string `json:"faults"`
}

// showFaults answers with what has not struck yet.
func (a *admin) showFaults(w http.ResponseWriter, _ *http.Request) {
	left := faultList{[]string{}}
	for _, f := range a.emulator.Options().Script {
		left.Faults = append(left.Faults, f.String())
	}
	write(w, http.StatusOK, left)
}

// addFaults adds to the script, all or nothing.
func (a *admin) addFaults(w http.ResponseWriter, r *http.Request) {
	var more faultList
	if !reads(w, r, maxScript, &more) || len(more.Faults) == 0 {
		write(w, http.StatusBadRequest, failure{`the body is not {"faults":["…"]}`})
		return
	}
	faults, err := nairitest.ParseScript(more.Faults...)
	if err != nil {
		write(w, http.StatusBadRequest, failure{err.Error()})
		return
	}
	a.emulator.Set(func(o *nairitest.Options) { o.Script = slices.Concat(o.Script, faults) })
	w.WriteHeader(http.StatusNoContent)
}

func (a *admin) dropFaults(w http.ResponseWriter, _ *http.Request) {
	a.emulator.Set(func(o *nairitest.Options) { o.Script = nil })
	w.WriteHeader(http.StatusNoContent)
}

// stop ends the program as a signal does, which Windows has none of.
func (a *admin) stop(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusNoContent)
	a.end()
}

// reads reports whether the body of a request is what into can take, and nothing else.
func reads(w http.ResponseWriter, r *http.Request, most int64, into any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, most))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into) == nil
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
