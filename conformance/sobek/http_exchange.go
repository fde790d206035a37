package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"
)

// maxBody bounds a response body, so that a target cannot fill the memory.
const maxBody = 64 << 20

var errBodyTooLarge = errors.New("the response body is larger than 64 MiB")

// httpRequest is one asyncRequest as the script wants it, free of the runtime.
type httpRequest struct {
	method       string
	url          string
	body         string
	header       http.Header
	jar          *cookiejar.Jar
	redirects    int
	timeout      time.Duration
	responseType string
	name         string // the `name` tag, or the URL
	expected     *expectedStatuses
}

// httpAnswer is what came of a request: a response, or a failure.
type httpAnswer struct {
	response *http.Response // without its body; nil on failure
	body     []byte
	failure  error
	hops     []int // status of each exchange, redirects first; 0: none
	url      string
	moments  *moments // of the last exchange
}

// exchange sends a request and follows redirects up to its limit; the last response is returned then.
func (s *httpSession) exchange(ctx context.Context, wanted httpRequest) *httpAnswer {
	ctx, cancel := context.WithTimeout(ctx, wanted.timeout)
	defer cancel()
	answer := &httpAnswer{url: wanted.url, moments: &moments{}}
	request, err := http.NewRequestWithContext(ctx, wanted.method, wanted.url, strings.NewReader(wanted.body))
	if err == nil && request.URL.Host == "" {
		err = errors.New("the URL has no host")
	}
	if err != nil {
		return answer.fail(invalidURL{err})
	}
	request.Header = wanted.header
	client := http.Client{
		Transport: &measuredTransport{s.connections(), answer},
		Jar:       wanted.jar,
		CheckRedirect: func(_ *http.Request, past []*http.Request) error {
			if len(past) > wanted.redirects {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
	response, err := client.Do(request)
	if err != nil {
		return answer.fail(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	answer.moments.note(&answer.moments.end)
	if err == nil && len(body) > maxBody {
		err = errBodyTooLarge
	}
	if err != nil {
		return answer.fail(err)
	}
	answer.response, answer.body, answer.url = response, body, response.Request.URL.String()
	return answer
}

// fail notes that the last exchange gave no usable answer.
func (a *httpAnswer) fail(err error) *httpAnswer {
	a.failure = err
	a.moments.note(&a.moments.end)
	if len(a.hops) == 0 {
		a.hops = []int{0}
	}
	a.hops[len(a.hops)-1] = 0
	return a
}

// measuredTransport sees each redirect hop apart: http.Client hides them.
type measuredTransport struct {
	base   *http.Transport
	answer *httpAnswer
}

// RoundTrip is http.RoundTripper.
func (m *measuredTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	m.answer.moments = &moments{start: time.Now()}
	response, err := m.base.RoundTrip(request.WithContext(m.answer.moments.trace(request.Context())))
	status := 0
	if err == nil {
		status = response.StatusCode
	}
	m.answer.hops = append(m.answer.hops, status)
	return response, err
}
