"""Attributions by verbs: who says, thinks, asks or urges what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.attribution import phrases, subjects
from kg.extract.attribution.adjuncts import adjuncts
from kg.extract.attribution.bodies import TOLD, content_of, quoted, speech_at
from kg.extract.attribution.clauses import (
    LONGEST,
    clause,
    end_of_content,
    main_clause,
)
from kg.extract.attribution.nounhood import noun
from kg.extract.attribution.passives import passive
from kg.extract.attribution.reach import (
    TRAIL,
    closed,
    inserted,
    mixed,
    resumed,
    topic,
    trail,
    within,
)
from kg.extract.attribution.reading import Found
from kg.extract.attribution.speakers import mute
from kg.extract.lexicon import FORMS, PARTICLES, PHRASES, VERBS, Verb

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Reading, Words

_REPORTING: Final = VERBS.keys() | PARTICLES.keys()
"""Forms of words that report, by themselves or with another: `said`, `pointed`."""


class Verbs:
    """Reads the verbs of one text in order; what was found last is what the next may go on from."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.found: list[Found] = []
        self.done: dict[tuple[int, int], int] = {}  # place -> where the last report in it ended
        self.last: dict[tuple[int, int], Found] = {}  # place -> the last report in it
        tags, low = reading.tags, reading.low
        for i in reading.prose.where(_REPORTING):
            if tags[i] not in "VFfG":
                continue
            word = low[i]
            verb = VERBS.get(word)
            width = 0
            if word in PARTICLES:
                width = 2 if low[i + 1 : i + 2] == ["it"] else 1
                second = low[i + width] if i + width < len(low) else ""
                width *= second in PARTICLES[word]
            if width:
                base = PARTICLES[word][second]
                lemma = f"{base} {second}"
                frames = PHRASES[base, second]
                if frames == "p":
                    frames += verb.frames if verb else ""
                verb = Verb(lemma, verb.form if verb else FORMS[word], "say", frames)
                if frames == "u":
                    verb = Verb(lemma, verb.form, "urge", frames)
            if verb is not None:
                self.verb(i, verb, width)

    def keep(
        self,
        verb: Verb,
        source: list[Words],
        cue: list[Words],
        content: list[Words],
        *,
        negated: bool,
    ) -> bool:
        """Keep an attribution whose content has words."""
        reading = self.reading
        own = reading.quote[cue[0][0]]
        content = [reading.trim(*part, own=own) for part in content]
        content = [part for part in content if part[1] > part[0]]
        if not content or (source and mute(reading, source[0], verb.lemma, verb.sense)):
            return False
        made = Found(source=source, cue=cue, content=content, verb=verb.lemma, negated=negated)
        self.found.append(made)
        place = self.place(cue[0][0])
        self.last[place] = made
        self.done[place] = max(
            self.done.get(place, 0), *(end for _, end in (*source, *cue, *content))
        )
        return True

    def place(self, i: int) -> tuple[int, int]:
        """Among which words those of a report with its cue at `i` stand: a unit, a quotation in it."""
        return self.reading.unit[i], self.reading.quote[i]

    def verb(self, i: int, verb: Verb, width: int) -> None:
        """Find what one verb attributes, if it attributes anything."""
        reading = self.reading
        tags, words = reading.tags, reading.low
        low, high = reading.bounds(i)
        if noun(reading, i, low):
            return
        start = phrases.group_left(reading, i, low)
        end = i + 1 + width
        group = range(start, i)
        negated = any(
            tags[j] == "A"
            or words[j].endswith("n't")
            or words[j] in phrases.REFUSING
            or words[j] in {"cannot", "longer"}
            for j in group
        )
        be = any(tags[j] == "B" for j in group)
        if start > low and tags[start - 1] == "E" and tags[i] != "V":
            return
        if be and "n" in verb.form:
            told = passive(reading, verb, (start, end), low, high)
            if told is not None:
                self.keep(verb, told.source, told.cue, told.content, negated=negated)
            return
        if verb.form == "n" and not any(tags[j] == "H" for j in group):
            return
        by = "n" in verb.form and i + 2 < high and words[i + 1] == "by" and not group
        if by and tags[i + 2] not in "KY":
            return
        if verb.form == "g" and not be:
            self.participle(i, verb, end, low, high)
            return
        if ("n" in verb.frames or "q" in verb.frames) and self.tail(
            verb, start, end, low, high, negated=negated
        ):
            return
        self.lead(verb, start, end, low, high, negated=negated)

    # Behind what is said --------------------------------------------------------------------

    def tail(self, verb: Verb, start: int, end: int, low: int, high: int, *, negated: bool) -> bool:
        """`…,” he said`, `…, said a spokesman for the union, on Monday`."""
        reading = self.reading
        tags, words = reading.tags, reading.low
        source: Words | None = None
        mark = start - 1
        if mark > low and (tags[mark] in ",-" or reading.closes(mark)) and start == end - 1:
            stop = phrases.inverted(reading, end, high)
            if stop > end and (
                stop >= high or tags[stop] in ",.;:-PRYUWCG(E" or reading.opens(stop)
            ):
                if tags[mark] == "," and not reading.closes(mark - 1):
                    pair = subjects.subject(reading, start, low)
                    quoted = pair is not None and pair[0] > low and reading.closes(pair[0] - 1)
                    if pair and (
                        quoted
                        or "o" in verb.frames
                        or tags[end] in "SO"
                        or (stop < high and tags[stop] in "PEU")
                    ):
                        stop = end
                if stop > end:
                    source, behind = (end, stop), stop
        if source is None:
            pair = subjects.subject(reading, start, low)
            if pair and end + 1 < high and tags[end] == "," and tags[end + 1] in "BHMZVF":
                pair = inserted(reading, pair)
            if pair is None or pair[0] <= low:
                return False
            source, behind = pair, end
            mark = pair[0] - 1
            if words[mark] == "as" and mark > low:
                mark -= 1
            if not (tags[mark] in ",-" or reading.closes(mark)):
                return False
        behind = adjuncts(reading, behind, high)
        if source[0] < start and "o" in verb.frames and behind < high and tags[behind] in "DNXO":
            behind = adjuncts(reading, phrases.inverted(reading, behind, high), high)
        spoken = reading.closes(mark) or (mark > low and reading.closes(mark - 1))
        if source[0] < start and behind < high:
            if tags[behind] == "T" and behind == end:
                return False  # in a text headed “…”, she wrote that
            ok = tags[behind] in ",.;-" or reading.opens(behind)
            if not ok and tags[behind] == "P":
                behind = trail(reading, behind, high)
                ok = behind >= high or tags[behind] in ",.;-"
            if not ok and not (spoken and tags[behind] in "PUGCWRET"):
                return False
            severed = (
                not spoken and behind < high and tags[behind] == "," and reading.opens(behind + 1)
            )
            if severed and not (behind + 2 < high and tags[behind + 2] in "BHMZVF"):
                return False  # but: the plan, he said, “is dead”
        first = self.floor(start, low)
        if first >= mark and not spoken and reading.quote[start] < 0:
            first = low
        if first >= mark:
            return False
        body: list[Words]
        if spoken:
            number = reading.quote[mark if reading.closes(mark) else mark - 1]
            opening = reading.prose.quotations[number].first
            body = [(mixed(reading, first, opening), mark)]
            if reading.closes(mark):
                body = [(body[0][0], mark + 1)]
        else:
            while first < mark and tags[first] == "C":
                first += 1
            if "n" not in verb.frames or not clause(reading, first, mark + (tags[mark] != ",")):
                whole = behind < high and tags[behind] == ","
                if "n" not in verb.frames or not (whole or reading.headline(start)):
                    return False
                if tags[first] in "PRUGY" and not clause(reading, behind + 1, high, weak=False):
                    return False
            if reading.longer(first, mark, LONGEST):
                return False
            body = [(first, mark)]
        if spoken and source[0] < start:
            behind = resumed(reading, behind, high)
        if behind < high and (tags[behind] in ",-" or reading.opens(behind)):
            rest = behind + (not reading.opens(behind))
            aside = words[rest : rest + 1] and (
                words[rest] in _ASIDE
                or (
                    source[0] >= end
                    and words[rest] in _RELATIVE
                    and clause(reading, body[0][0], mark)  # not: the dam, said Lee, which leaks
                )
            )
            quoted = rest < high and (reading.opens(rest) or tags[rest] == '"')
            if rest < high and not aside and (quoted or not spoken):
                stop = (
                    end_of_content(reading, behind, high)
                    if tags[behind] in ",-"
                    else end_of_content(reading, rest, high)
                )
                if stop > rest:
                    body.append((rest, stop))
        return self.keep(verb, [source], [(start, end)], body, negated=negated)

    def quoting(self, cue: Words, low: int, high: int) -> None:
        """`the agency quoted her as saying that …`: she is the source, not the agency."""
        reading = self.reading
        end = phrases.right(reading, cue[1], high)
        if end == cue[1] or reading.low[end : end + 1] != ["as"]:
            return
        if reading.low[end + 1 : end + 2] not in (["saying"], ["telling"], ["writing"]):
            return
        body = content_of(reading, VERBS["say"], end + 2, high) if end + 2 < high else None
        if body is None:
            subject = subjects.subject(reading, cue[0], low)
            body = quoted(reading, subject[0] - 1, low) if subject else None
        if body:
            self.keep(VERBS["quoted"], [(cue[1], end)], [cue, (end, end + 2)], body, negated=False)

    def floor(self, i: int, low: int) -> int:
        """Where the words begin that no report before word `i` has taken, in its unit."""
        reading = self.reading
        done = self.done.get(self.place(i), low)
        if reading.quote[i] >= 0 or done > i:
            return low
        first = max(low, done)
        while first < i and reading.tags[first] in ",;.-" and reading.quote[first] < 0:
            first += 1
        return first

    # Before what is said --------------------------------------------------------------------

    def lead(self, verb: Verb, start: int, end: int, low: int, high: int, *, negated: bool) -> None:
        """`He said that …`, `the minister told reporters: “…”`, `they urged him to …`."""
        reading = self.reading
        tags, words = reading.tags, reading.low
        source = self.source(start, low)
        if source is None:
            return
        before = source[0] - 1
        if (
            tags[end - 1] == "f"
            and before >= low
            and (tags[before] == "P" or words[before] == "as")
        ):
            return  # in news reports that
        if verb.lemma == "quote" and end < high:
            self.quoting((start, end), low, high)
            return
        as_clause = before >= low and words[before] == "as"
        body: list[Words] | None = None
        if (
            before > low
            and tags[before] == "W"
            and tags[before - 1] != "P"
            and "n" in verb.frames
            and end < high
            and tags[end] in "BHMZVF"
        ):
            body = [(end, end_of_content(reading, end, high))]  # which Lee said was no surprise
        if as_clause and ("n" in verb.frames or "o" in verb.frames):
            stop = adjuncts(reading, end, high)
            if "o" in verb.frames and stop < high and tags[stop] in "DNXO":
                stop = phrases.inverted(reading, stop, high)
            while stop < min(high, end + TRAIL) and tags[stop] in "PDNXKfYR":
                stop += 1
            if stop < high and tags[stop] in ",:" and before == low and stop + 1 < high:
                body = [(stop + 1, end_of_content(reading, stop + 1, high))]
        if verb.lemma in TOLD and tags[end : end + 1] == ["T"] and tags[start - 1] == "C":
            body = speech_at(reading, verb.frames, end, high)  # was taken aside and told that
            if body is not None:
                self.keep(verb, [], [(start, end)], body, negated=negated)
            return
        if body is None and "q" in verb.frames and tags[high - 1] == ":" and reading.opens(high):
            body = [(high, reading.beyond(high))]  # in the next paragraph
        body = body or content_of(reading, verb, end, high)
        if body is not None:
            if words[start - 1] in _RELATIVE or (before >= low and words[before] in _RELATIVE):
                stop = within(reading, *body[-1])
                if source[0] == low and tags[source[1]] != "," and not reading.opens(body[-1][0]):
                    stop = min(stop, closed(reading, body[-1][0], stop))
                body[-1] = (body[-1][0], stop)
            elif (
                before >= low and (tags[before] in "UW" or words[before] in phrases.TIMES)
            ) or tags[low] in "UW":
                last = body[-1]
                if reading.commas[low] == reading.commas[end]:
                    body[-1] = (last[0], main_clause(reading, *last))
            self.keep(verb, [source], [(start, end)], body, negated=negated)

    def source(self, start: int, low: int) -> Words | None:
        """The subject of a verb group: before it, before `who`, or that of the verb it is joined to."""
        reading = self.reading
        tags = reading.tags
        if start <= low:
            return None
        if reading.quote[start - 1] != reading.quote[start]:
            return None
        if tags[start - 1] == "W" and reading.low[start - 1] in {"who", "which"}:
            behind = start - 1 - (tags[start - 2] == "," if start - 2 >= low else 0)
            first = phrases.left(reading, behind - 1, low) if behind > low else behind
            return (first, behind) if first < behind else None
        if tags[start - 1] == "C":
            return self.shared(start - 1, low)
        if tags[start - 1] == "," and start - 2 >= low and tags[start - 2] not in "NXKfO)YSVR":
            return None
        return subjects.subject(reading, start, low)

    def shared(self, joint: int, low: int) -> Words | None:
        """The source of the report before a conjunction, or the subject of the clause before it."""
        last = self.last.get(self.place(joint))
        if last is not None and last.source and last.cue[0][0] < joint:
            return last.source[0]
        return topic(self.reading, joint, low)

    # Without a subject of its own -------------------------------------------------------------

    def participle(self, i: int, verb: Verb, end: int, low: int, high: int) -> None:
        """`…, adding that …`, `with one saying “…”`."""
        reading = self.reading
        tags = reading.tags
        if not set(verb.frames) & set("qt") or (i > low and reading.low[i - 1] == "as"):
            return
        body = speech_at(reading, verb.frames, adjuncts(reading, end, high), high)
        if body is None and set(verb.frames) & set("ou"):
            body = content_of(reading, verb, end, high)
        if (
            body is None
            and "c" in verb.frames
            and end < high
            and clause(reading, end, high, weak=False)
        ):
            body = [(end, end_of_content(reading, end, high))]
        if body is None:
            return
        source: Words | None = None
        if i > low and tags[i - 1] in "NXKfS" and reading.quote[i - 1] == reading.quote[i]:
            source = subjects.subject(reading, i, low)
        elif i > low:
            source = self.shared(i, low)
        if source is None or i == low:
            return
        self.keep(verb, [source], [(i, end)], body, negated=False)


_ASIDE: Final = frozenset(
    "citing quoting speaking referring pointing describing calling without".split()
)
"""What opens words about the report behind it, not more of what is reported."""
_RELATIVE: Final = frozenset("who which whom whose what".split())
