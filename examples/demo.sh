#!/bin/sh
# From raw texts to answers, and what a person makes of them: what `make demo` runs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
workspace=${DEMO:-$here/../demo}
KG=$(cd "$(dirname "$KG")" && pwd)/$(basename "$KG")
COLUMNS=${COLUMNS:-120}
export COLUMNS

run() {
    printf '\n$ kg'
    for word in "$@"; do
        case $word in
            *' '*) printf " '%s'" "$word" ;;
            "$here"/*) printf ' ../examples/%s' "${word#"$here"/}" ;;
            *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    "$KG" "$@" 2>&1
}

rm -rf "$workspace"
mkdir -p "$workspace"
cd "$workspace"
printf '$ mkdir demo; cd demo\n'

run init
run add "$here"/newsroom/entities.ttl "$here"/newsroom/*.txt "$here"/newsroom/*.html
run
run query claims-by-actor --actor 'Luco Maradi' --limit 3 -f table
run query differing-numbers --why -f table
run score "$here/newsroom" --misses 2
run add "$here/newsroom" --replace
run validate
run query replaced-claims -f table
run query contradictions --actor 'Luco Maradi' -f table
run show 'collision of the Amaranta with the Steadfast' --limit 3 --picture collision.svg
run export -o newsroom.ttl
run export -o newsroom.jsonld
run serve --get '/query/topics.csv?limit=4'
printf '\nThe workspace is in the folder demo: go there and ask on, or read: kg serve --open\n'
