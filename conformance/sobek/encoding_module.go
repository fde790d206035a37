package main

import (
	"encoding/base64"

	"github.com/grafana/sobek"
)

var base64Encodings = map[string]*base64.Encoding{
	"std":    base64.StdEncoding,
	"rawstd": base64.RawStdEncoding,
	"url":    base64.URLEncoding,
	"rawurl": base64.RawURLEncoding,
}

// encodingModule is `k6/encoding`.
func (vu *virtualUser) encodingModule() map[string]any {
	return map[string]any{
		"b64encode": func(call sobek.FunctionCall) sobek.Value {
			data := vu.scriptBytes(call.Argument(0))
			return vu.rt.ToValue(vu.base64Encoding(call.Argument(1)).EncodeToString(data))
		},
		"b64decode": func(call sobek.FunctionCall) sobek.Value {
			data, err := vu.base64Encoding(call.Argument(1)).DecodeString(call.Argument(0).String())
			if err != nil {
				panic(vu.rt.NewGoError(err))
			}
			if call.Argument(2).String() == "s" {
				return vu.rt.ToValue(string(data))
			}
			return vu.rt.ToValue(vu.rt.NewArrayBuffer(data))
		},
	}
}

func (vu *virtualUser) base64Encoding(name sobek.Value) *base64.Encoding {
	if isAbsent(name) {
		return base64.StdEncoding
	}
	encoding, known := base64Encodings[name.String()]
	if !known {
		vu.throw("unknown base64 encoding %q; it has std, rawstd, url, rawurl", name.String())
	}
	return encoding
}
