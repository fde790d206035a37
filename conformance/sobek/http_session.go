package main

import (
	"crypto/tls"
	"net/http"
	"net/http/cookiejar"
)

// httpSession is what the requests of one virtual user share: connections, which outlive iterations, and what the script set.
type httpSession struct {
	test      *test
	transport *http.Transport
	jar       *cookiejar.Jar
	expected  *expectedStatuses
}

func newHTTPSession(t *test) *httpSession {
	return &httpSession{test: t, expected: defaultExpected}
}

// connections are opened by the first request, so that a virtual user that waits for its turn costs nothing.
func (s *httpSession) connections() *http.Transport {
	if s.transport == nil {
		s.transport = &http.Transport{
			TLSClientConfig:    &tls.Config{InsecureSkipVerify: s.test.options.insecureSkipTLSVerify},
			ForceAttemptHTTP2:  true,
			DisableCompression: true, // what a script did not ask for is not sent
		}
	}
	return s.transport
}

// cookies is the virtual user's jar, empty at the start of each iteration.
func (s *httpSession) cookies() *cookiejar.Jar {
	if s.jar == nil {
		s.jar = newCookieJar()
	}
	return s.jar
}

// close ends idle connections.
func (s *httpSession) close() {
	if s.transport != nil {
		s.transport.CloseIdleConnections()
	}
}
