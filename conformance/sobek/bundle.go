package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/grafana/sobek"
)

// bundle is a script of dist/, compiled once for all virtual users.
type bundle struct {
	dir     string
	factory *sobek.Program
}

// loadBundle reads and compiles a CommonJS bundle, strict as k6 runs it, with the source map that it names, as k6 does. The
// wrapper adds no line, so positions in errors are those of the file.
func loadBundle(given string) (*bundle, error) {
	path, err := filepath.Abs(given)
	if err != nil {
		return nil, err
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the bundle cannot be read: %w; build it with npm run build", err)
	}
	wrapped := "(function (module, exports, require) {" + string(source) + "\n})"
	tree, err := sobek.Parse(path, wrapped)
	if err != nil {
		return nil, fmt.Errorf("the bundle is not JavaScript that Sobek reads: %w", err)
	}
	program, err := sobek.CompileAST(tree, true)
	if err != nil {
		return nil, fmt.Errorf("the bundle cannot be compiled by Sobek: %w", err)
	}
	return &bundle{dir: filepath.Dir(path), factory: program}, nil
}
