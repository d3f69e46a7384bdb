package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// get asks for an address, and returns the status of the answer.
func get(address string) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return 0, err
	}
	request.Header.Set("User-Agent", "vault-secret-links")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}

// askAll asks for the addresses of pages, eight at a time, and says which are dead.
func askAll(pages []*page, ask func(string) (int, error)) []finding {
	var (
		mutex sync.Mutex
		found []finding
		group errgroup.Group
	)
	group.SetLimit(8)
	places := addresses(pages)
	for _, address := range slices.Sorted(maps.Keys(places)) {
		group.Go(func() error {
			status, err := ask(address)
			if err == nil && status < http.StatusBadRequest {
				return nil
			}
			f := places[address]
			f.what = fmt.Sprintf("%s: %d", address, status)
			if err != nil {
				f.what = err.Error()
			}
			mutex.Lock()
			defer mutex.Unlock()
			found = append(found, f)
			return nil
		})
	}
	_ = group.Wait()
	return found
}
