package main

import (
	"github.com/grafana/sobek"
)

// options are those of the script that this host heeds. Its scenarios are replaced, as by `k6 run --vus --iterations`.
type options struct {
	insecureSkipTLSVerify bool
	throw                 bool
	userAgent             string
}

// readOptions reads the `options` that a bundle exports.
func (vu *virtualUser) readOptions() options {
	read := options{userAgent: "pairstorm-conformance"}
	object, exported := vu.exports.Get("options").(*sobek.Object)
	if !exported {
		return read
	}
	if value := object.Get("insecureSkipTLSVerify"); !isAbsent(value) {
		read.insecureSkipTLSVerify = value.ToBoolean()
	}
	if value := object.Get("throw"); !isAbsent(value) {
		read.throw = value.ToBoolean()
	}
	if value := object.Get("userAgent"); !isAbsent(value) {
		read.userAgent = value.String()
	}
	return read
}
