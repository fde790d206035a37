package main

import "github.com/grafana/sobek"

// scriptBytes reads what scripts hand over as data: a string (as UTF-8) or an ArrayBuffer.
func (vu *virtualUser) scriptBytes(value sobek.Value) []byte {
	switch data := value.Export().(type) {
	case string:
		return []byte(data)
	case sobek.ArrayBuffer:
		return data.Bytes()
	case []byte:
		return data
	}
	vu.throw("expected a string or an ArrayBuffer, got %s", value.String())
	return nil
}
