package main

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/grafana/sobek"
)

// response makes the Response of k6-contract 6.2.
func (vu *virtualUser) response(wanted httpRequest, answer *httpAnswer) *sobek.Object {
	host, port, _ := net.SplitHostPort(answer.moments.remote)
	portNumber, _ := strconv.Atoi(port)
	members := map[string]any{
		"status": 0, "status_text": "", "proto": "", "error": "", "error_code": 0,
		"url":         answer.url,
		"body":        sobek.Null(),
		"remote_ip":   host,
		"remote_port": portNumber,
		"timings":     answer.moments.timings(),
		"headers":     map[string]any{},
		"cookies":     map[string]any{},
		"request": map[string]any{
			"method": wanted.method, "url": wanted.url, "body": wanted.body, "headers": vu.headerLists(wanted.header),
		},
		"json": func(call sobek.FunctionCall) sobek.Value {
			if !isAbsent(call.Argument(0)) {
				vu.throw("this host has no json(selector); parse the body and take what you need")
			}
			if answer.body == nil {
				vu.throw("the response has no body to parse")
			}
			value, err := vu.parseJSON(string(answer.body))
			if err != nil {
				panic(err)
			}
			return value
		},
	}
	if response := answer.response; response == nil {
		members["error"], members["error_code"] = reasonOf(answer.failure), errorCode(answer.failure)
	} else {
		members["status"], members["status_text"] = response.StatusCode, response.Status
		members["proto"] = response.Proto
		members["body"] = vu.body(wanted.responseType, answer.body)
		members["headers"] = joinedHeaders(response.Header)
		members["cookies"] = vu.setCookies(response)
		if response.StatusCode >= 400 {
			members["error_code"] = 1000 + response.StatusCode
		}
	}
	return vu.object(members)
}

func (vu *virtualUser) body(responseType string, body []byte) sobek.Value {
	switch responseType {
	case "text":
		return vu.rt.ToValue(string(body))
	case "binary":
		return vu.rt.ToValue(vu.rt.NewArrayBuffer(body))
	}
	return sobek.Null()
}

// joinedHeaders are response headers: canonical names, several values joined.
func joinedHeaders(header http.Header) map[string]any {
	joined := map[string]any{}
	for name, values := range header {
		joined[name] = strings.Join(values, ", ")
	}
	return joined
}

// headerLists are request headers: every value is a list.
func (vu *virtualUser) headerLists(header http.Header) map[string]any {
	lists := map[string]any{}
	for name, values := range header {
		list := make([]any, len(values))
		for i, value := range values {
			list[i] = value
		}
		lists[name] = vu.rt.NewArray(list...)
	}
	return lists
}

func (vu *virtualUser) setCookies(response *http.Response) map[string]any {
	lists := map[string][]any{}
	for _, cookie := range response.Cookies() {
		expires := int64(0)
		if !cookie.Expires.IsZero() {
			expires = cookie.Expires.UnixMilli()
		}
		lists[cookie.Name] = append(lists[cookie.Name], vu.object(map[string]any{
			"name": cookie.Name, "value": cookie.Value, "domain": cookie.Domain, "path": cookie.Path,
			"httpOnly": cookie.HttpOnly, "secure": cookie.Secure, "maxAge": cookie.MaxAge, "expires": expires,
		}))
	}
	cookies := map[string]any{}
	for name, list := range lists {
		cookies[name] = vu.rt.NewArray(list...)
	}
	return cookies
}

// reasonOf is the cause of a failure without its URL, which may hold what belongs into no log.
func reasonOf(failure error) string {
	if wrapped := (*url.Error)(nil); errors.As(failure, &wrapped) {
		return wrapped.Err.Error()
	}
	return failure.Error()
}
