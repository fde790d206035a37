package main

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"syscall"
)

// invalidURL marks a request that could not even be made.
type invalidURL struct{ error }

// errorCode is res.error_code of a failed request (k6-contract 6.2, "Error codes").
func errorCode(err error) int {
	var (
		badURL    invalidURL
		dns       *net.DNSError
		operation *net.OpError
		authority x509.UnknownAuthorityError
		hostName  x509.HostnameError
	)
	dialling := errors.As(err, &operation) && operation.Op == "dial"
	switch {
	case errors.As(err, &badURL):
		return 1020
	case errors.As(err, &dns):
		return 1101
	case errors.Is(err, syscall.ECONNREFUSED):
		return 1212
	case dialling && operation.Timeout():
		return 1211
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return 1050
	case errors.As(err, &authority):
		return 1310
	case errors.As(err, &hostName):
		return 1311
	case dialling:
		return 1210
	case errors.Is(err, syscall.ECONNRESET):
		return 1220
	case errors.Is(err, syscall.EPIPE):
		return 1201
	}
	return 1000
}
