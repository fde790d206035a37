package main

import (
	"net/http"
	"net/url"
	"time"

	"github.com/grafana/sobek"
)

const (
	defaultTimeout   = 60 * time.Second
	defaultRedirects = 10
)

// readRequest reads the arguments of asyncRequest: method, url, body, params.
func (vu *virtualUser) readRequest(call sobek.FunctionCall) httpRequest {
	wanted := httpRequest{
		method:       call.Argument(0).String(),
		url:          call.Argument(1).String(),
		header:       http.Header{},
		jar:          vu.http.cookies(),
		redirects:    defaultRedirects,
		timeout:      defaultTimeout,
		responseType: "text",
		name:         call.Argument(1).String(),
		expected:     vu.http.expected,
	}
	if agent := vu.test.options.userAgent; agent != "" {
		wanted.header.Set("User-Agent", agent)
	}
	vu.readBody(&wanted, call.Argument(2))
	if params := call.Argument(3); !isAbsent(params) {
		object := params.ToObject(vu.rt)
		for _, name := range object.Keys() {
			vu.readParam(&wanted, name, object.Get(name))
		}
	}
	return wanted
}

// readBody takes a string, an ArrayBuffer, null, or an object that becomes a form.
func (vu *virtualUser) readBody(wanted *httpRequest, body sobek.Value) {
	if isAbsent(body) {
		return
	}
	object, isObject := body.(*sobek.Object)
	if !isObject || object.ClassName() != "Object" {
		wanted.body = string(vu.scriptBytes(body))
		return
	}
	form := url.Values{}
	for _, name := range object.Keys() {
		value := object.Get(name)
		if isAbsent(value) {
			value = vu.rt.ToValue("")
		}
		form.Set(name, value.String())
	}
	wanted.body = form.Encode()
	wanted.header.Set("Content-Type", "application/x-www-form-urlencoded")
}

// readParam reads one entry of params. One that this host lacks is an error: to ignore it would be to lie.
func (vu *virtualUser) readParam(wanted *httpRequest, name string, value sobek.Value) {
	switch name {
	case "headers":
		for header, content := range vu.tags(value) {
			wanted.header.Set(header, content)
		}
	case "jar":
		wanted.jar = vu.jarOf(value)
	case "tags":
		if tag, named := vu.tags(value)["name"]; named {
			wanted.name = tag
		}
	case "redirects":
		wanted.redirects = int(value.ToInteger())
	case "timeout":
		wanted.timeout = vu.duration(value)
	case "responseCallback":
		wanted.expected = vu.responseCallback(value)
	case "responseType":
		wanted.responseType = value.String()
	case "resendOnReused":
		// Of the embedded engine; k6 does not know it either, and goes its own way (docs/engine.md).
	default:
		vu.throw("this host has no params.%s", name)
	}
}

// duration reads milliseconds as a number, or a text like 1m30s.
func (vu *virtualUser) duration(value sobek.Value) time.Duration {
	if text, isText := value.Export().(string); isText {
		duration, err := time.ParseDuration(text)
		if err != nil {
			vu.throw("%q is not a duration; write it like 1m30s", text)
		}
		return duration
	}
	return time.Duration(value.ToFloat() * float64(time.Millisecond))
}
