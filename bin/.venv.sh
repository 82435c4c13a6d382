# Sourced by the scripts beside it: makes $root/.venv with what is asked for ($extra: test, bench or nothing).
# Installs again only when pyproject.toml has changed. Speaks on stderr, so that a --json on stdout stays clean.
root=$(cd "$(dirname "$0")/.." && pwd)
if ! "$root/.venv/bin/python" -c '' 2>/dev/null; then
    rm -rf "$root/.venv"
    for python in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        "$python" -m venv "$root/.venv" >&2 && break || rm -rf "$root/.venv"
    done
    [ -x "$root/.venv/bin/python" ] || { echo "Python 3.11 or later with its venv module is needed; none found." >&2; exit 1; }
fi
sum=$(cksum <"$root/pyproject.toml")
stamp="$root/.venv/.installed${extra:+-$extra}"
if [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ]; then
    echo "installing aias${extra:+ with the extra '$extra'} into .venv ..." >&2
    "$root/.venv/bin/python" -m pip install --quiet --disable-pip-version-check -e "$root${extra:+[$extra]}" >&2 || exit 1
    echo "$sum" >"$stamp"
fi
