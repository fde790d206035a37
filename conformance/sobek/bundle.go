package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/grafana/sobek"
	"github.com/grafana/sobek/parser"
)

// bundle is a script of dist/, compiled once for all virtual users.
type bundle struct {
	dir     string
	factory *sobek.Program
}

// loadBundle reads and compiles a CommonJS bundle, strict as k6 runs it. The wrapper adds no line, so positions in errors are
// those of the file.
func loadBundle(path string) (*bundle, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the bundle cannot be read: %w; build it with npm run build", err)
	}
	wrapped := "(function (module, exports, require) {" + string(source) + "\n})"
	tree, err := sobek.Parse(filepath.Base(path), wrapped, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, fmt.Errorf("the bundle is not JavaScript that Sobek reads: %w", err)
	}
	program, err := sobek.CompileAST(tree, true)
	if err != nil {
		return nil, fmt.Errorf("the bundle cannot be compiled by Sobek: %w", err)
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	return &bundle{dir: dir, factory: program}, err
}
