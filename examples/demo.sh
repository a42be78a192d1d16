#!/bin/sh
# The founding corpus from an empty folder to answers: what `make demo` runs.
# TEXTS=FOLDER names a folder with the two articles, if you have them; it works without.
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
run add "$here/abductions" ${TEXTS:+--texts "$TEXTS"}
run
run validate
run query claims-by-actor --actor 'North Korea' -f table
run query differing-numbers --why -f table
run query disputed-dates -f table
run query contradictions --actor 'North Korea' -f table
run show 'Kim Jong-il admits abductions' --picture admission.svg
run export -o abductions.ttl
run export -o abductions.jsonld
printf '\nThe workspace is in the folder demo: go there and ask on.\n'
