package main

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"

	"github.com/grafana/sobek"
)

var hashes = map[string]func() hash.Hash{
	"md5":        md5.New,
	"sha1":       sha1.New,
	"sha256":     sha256.New,
	"sha384":     sha512.New384,
	"sha512":     sha512.New,
	"sha512_224": sha512.New512_224,
	"sha512_256": sha512.New512_256,
}

// cryptoModule is `k6/crypto` with the hashes of Go's standard library (k6-contract 6.6; md4 and ripemd160 are not in it).
func (vu *virtualUser) cryptoModule() map[string]any {
	module := map[string]any{
		"randomBytes": vu.randomBytes,
		"createHash": func(call sobek.FunctionCall) sobek.Value {
			return vu.hasher(vu.hashNamed(call.Argument(0))())
		},
		"createHMAC": func(call sobek.FunctionCall) sobek.Value {
			return vu.hasher(hmac.New(vu.hashNamed(call.Argument(0)), vu.scriptBytes(call.Argument(1))))
		},
		"hmac": func(call sobek.FunctionCall) sobek.Value {
			mac := hmac.New(vu.hashNamed(call.Argument(0)), vu.scriptBytes(call.Argument(1)))
			mac.Write(vu.scriptBytes(call.Argument(2)))
			return vu.digest(mac, call.Argument(3))
		},
	}
	for name, make := range hashes {
		module[name] = func(call sobek.FunctionCall) sobek.Value {
			sum := make()
			sum.Write(vu.scriptBytes(call.Argument(0)))
			return vu.digest(sum, call.Argument(1))
		}
	}
	return module
}

func (vu *virtualUser) hashNamed(name sobek.Value) func() hash.Hash {
	make, known := hashes[name.String()]
	if !known {
		vu.throw("unknown hash %q", name.String())
	}
	return make
}

// hasher is what createHash and createHMAC give.
func (vu *virtualUser) hasher(sum hash.Hash) *sobek.Object {
	return vu.object(map[string]any{
		"update": func(call sobek.FunctionCall) sobek.Value {
			sum.Write(vu.scriptBytes(call.Argument(0)))
			return call.This
		},
		"digest": func(call sobek.FunctionCall) sobek.Value { return vu.digest(sum, call.Argument(0)) },
	})
}

func (vu *virtualUser) digest(sum hash.Hash, encoding sobek.Value) sobek.Value {
	digest := sum.Sum(nil)
	switch encoding.String() {
	case "hex":
		return vu.rt.ToValue(hex.EncodeToString(digest))
	case "base64":
		return vu.rt.ToValue(base64.StdEncoding.EncodeToString(digest))
	case "base64url":
		return vu.rt.ToValue(base64.URLEncoding.EncodeToString(digest))
	case "base64rawurl":
		return vu.rt.ToValue(base64.RawURLEncoding.EncodeToString(digest))
	case "binary":
		return vu.rt.ToValue(vu.rt.NewArrayBuffer(digest))
	}
	vu.throw("unknown encoding %q; it has hex, base64, base64url, base64rawurl, binary", encoding.String())
	return nil
}

func (vu *virtualUser) randomBytes(call sobek.FunctionCall) sobek.Value {
	size := call.Argument(0).ToInteger()
	if size < 1 || size > 1<<20 {
		vu.throw("randomBytes takes a size from 1 to 1048576, got %s", call.Argument(0).String())
	}
	random := make([]byte, size)
	if _, err := rand.Read(random); err != nil {
		panic(vu.rt.NewGoError(err))
	}
	return vu.rt.ToValue(vu.rt.NewArrayBuffer(random))
}
