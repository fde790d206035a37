package main

import (
	"context"
	"crypto/tls"
	"net/http/httptrace"
	"sync"
	"time"
)

// moments are when one exchange came how far. The transport reports from goroutines of its own, hence the lock.
type moments struct {
	mu                                                sync.Mutex
	start, connectStart, connected, tlsStart, tlsDone time.Time
	assigned, sent, firstByte, end                    time.Time
	remote                                            string // address of the peer
}

func (m *moments) note(at *time.Time) {
	m.mu.Lock()
	*at = time.Now()
	m.mu.Unlock()
}

// trace makes a context under which the transport reports the moments.
func (m *moments) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		ConnectStart:      func(string, string) { m.note(&m.connectStart) },
		ConnectDone:       func(string, string, error) { m.note(&m.connected) },
		TLSHandshakeStart: func() { m.note(&m.tlsStart) },
		TLSHandshakeDone:  func(tls.ConnectionState, error) { m.note(&m.tlsDone) },
		GotConn: func(info httptrace.GotConnInfo) {
			m.note(&m.assigned)
			m.mu.Lock()
			m.remote = info.Conn.RemoteAddr().String()
			m.mu.Unlock()
		},
		WroteRequest:         func(httptrace.WroteRequestInfo) { m.note(&m.sent) },
		GotFirstResponseByte: func() { m.note(&m.firstByte) },
	})
}

// timings are res.timings in milliseconds; phases that did not happen are 0. duration = sending + waiting + receiving.
func (m *moments) timings() map[string]any {
	m.mu.Lock()
	defer m.mu.Unlock()
	connecting := between(m.connectStart, m.connected)
	handshaking := between(m.tlsStart, m.tlsDone)
	sending, waiting, receiving := between(m.assigned, m.sent), between(m.sent, m.firstByte), between(m.firstByte, m.end)
	return map[string]any{
		"blocked":         max(0, between(m.start, m.assigned)-connecting-handshaking),
		"connecting":      connecting,
		"tls_handshaking": handshaking,
		"sending":         sending,
		"waiting":         waiting,
		"receiving":       receiving,
		"duration":        sending + waiting + receiving,
	}
}

func between(from, to time.Time) float64 {
	if from.IsZero() || to.Before(from) {
		return 0
	}
	return float64(to.Sub(from).Nanoseconds()) / 1e6
}
