package main

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"time"

	"github.com/grafana/sobek"
)

// newCookieJar makes an empty RFC 6265 jar.
func newCookieJar() *cookiejar.Jar {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // it cannot fail without options
	}
	return jar
}

// jarKey is where a script's CookieJar keeps its jar: a symbol, so that no property name can meet it.
var jarKey = sobek.NewSymbol("jar")

// cookieJarObject is a script's CookieJar: set and cookiesForURL.
func (vu *virtualUser) cookieJarObject(object *sobek.Object, jar *cookiejar.Jar) *sobek.Object {
	if err := object.SetSymbol(jarKey, jar); err != nil {
		panic(err)
	}
	vu.set(object, "cookiesForURL", func(call sobek.FunctionCall) sobek.Value {
		values := map[string][]any{}
		for _, cookie := range jar.Cookies(vu.url(call.Argument(0))) {
			values[cookie.Name] = append(values[cookie.Name], cookie.Value)
		}
		found := vu.rt.NewObject()
		for name, all := range values {
			vu.set(found, name, vu.rt.NewArray(all...))
		}
		return found
	})
	vu.set(object, "set", func(call sobek.FunctionCall) sobek.Value {
		cookie := &http.Cookie{Name: call.Argument(1).String(), Value: call.Argument(2).String()}
		if options := call.Argument(3); !isAbsent(options) {
			vu.readCookieOptions(cookie, options.ToObject(vu.rt))
		}
		jar.SetCookies(vu.url(call.Argument(0)), []*http.Cookie{cookie})
		return vu.rt.ToValue(true)
	})
	return object
}

func (vu *virtualUser) readCookieOptions(cookie *http.Cookie, options *sobek.Object) {
	for _, name := range options.Keys() {
		value := options.Get(name)
		switch name {
		case "domain":
			cookie.Domain = value.String()
		case "path":
			cookie.Path = value.String()
		case "expires":
			expires, err := time.Parse(time.RFC1123, value.String())
			if err != nil {
				vu.throw("expires of a cookie is %q; write it like Mon, 02 Jan 2006 15:04:05 GMT", value.String())
			}
			cookie.Expires = expires
		case "max_age":
			cookie.MaxAge = int(value.ToInteger())
		case "secure":
			cookie.Secure = value.ToBoolean()
		case "http_only":
			cookie.HttpOnly = value.ToBoolean()
		default:
			vu.throw("this host knows no cookie option %q", name)
		}
	}
}

// jarOf reads params.jar.
func (vu *virtualUser) jarOf(value sobek.Value) *cookiejar.Jar {
	if object, isObject := value.(*sobek.Object); isObject {
		if hidden := object.GetSymbol(jarKey); hidden != nil {
			if jar, isJar := hidden.Export().(*cookiejar.Jar); isJar {
				return jar
			}
		}
	}
	vu.throw("params.jar must be a CookieJar")
	return nil
}

func (vu *virtualUser) url(value sobek.Value) *url.URL {
	parsed, err := url.Parse(value.String())
	if err != nil {
		vu.throw("%q is not a URL", value.String())
	}
	return parsed
}
