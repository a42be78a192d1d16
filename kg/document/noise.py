"""What single lines are by their wording: captions, credits, menus, legal lines, corrections.

The lists hold what newspapers, agencies and their pages print in English. A line is judged by
itself and only where it is short, so that no paragraph is taken for noise for one of its words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.model import PartKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

AGENCIES: Final = {
    name.lower(): name
    for name in (
        *("Reuters", "AP", "AFP", "UPI", "dpa", "PA", "Kyodo", "Jiji", "Xinhua", "Yonhap", "TASS"),
        *("Interfax", "RIA Novosti", "ANI", "PTI", "IANS", "APP", "EFE", "ANSA", "Anadolu", "CNA"),
        *("Bloomberg", "CNN", "BBC", "VOA", "RFE/RL", "NPR", "Antara", "Bernama", "MENA", "SANA"),
        *("Associated Press", "The Associated Press", "Agence France-Presse", "Press Association"),
        *("Thomson Reuters", "Kyodo News", "Yonhap News Agency", "Xinhua News Agency", "KCNA"),
        *("Canadian Press", "The Canadian Press", "Australian Associated Press", "AAP", "BNS"),
        *("Press Trust of India", "Agencia EFE", "Belga", "ANP", "NTB", "TT", "Ritzau", "STT"),
        *("Lusa", "MTI", "PAP", "CTK", "HINA", "Tanjug", "Agerpres", "BTA", "IRNA", "ISNA", "WAM"),
        *("UNN", "Ukrinform", "Getty Images", "EPA", "IPS", "Inter Press Service"),
    )
}
"""News agencies, as datelines and credits name them."""

NAVIGATION: Final = frozenset(
    """
advertisement|advertisements|advertisment|ad|sponsored|sponsored content|promoted|promoted content
paid content|story continues below|story continues below advertisement|article continues below
continue reading|article continues after advertisement|continue reading below
continue reading the main story|keep reading|continues below|scroll down|scroll to continue
scroll down to continue|read on|read more|read full story|read the full story|read full article
read more here|read also|also read|full story|more|see more|show more|view more|load more
load more comments|learn more|find out more|click here|click to read more|skip to content
skip to main content|skip to navigation|skip navigation|skip advertisement|skip to footer
back to top|back to homepage|back to home|go back|back|return to top|top of page|home|homepage
menu|main menu|open menu|close menu|close|search|search this site|open search|toggle navigation
navigation|site map|sitemap|share|share this|share this article|share this story|share this page
share article|share story|share via email|share on facebook|share on twitter|share on x
share on linkedin|share on whatsapp|tweet|tweet this|pin it|like|like us on facebook|follow us
follow us on twitter|follow us on facebook|facebook|twitter|linkedin|whatsapp|reddit|email|e-mail
email this|email this article|e-mail this article|email article|print|print this
print this article|print this page|print article|printer friendly|printer-friendly version
print version|copy link|copy link to clipboard|link copied|save|save article|save for later
bookmark|bookmark this|download pdf|listen|listen to article|listen to this article
listen to this story|gift this article|give this article|font size|text size|increase font size
decrease font size|comment|comments|view comments|leave a comment|post a comment|add a comment
leave a reply|no comments|no comments yet|be the first to comment|join the conversation
join the discussion|show comments|comments are closed|reader comments|report an error
send feedback|feedback|log in|login|sign in|sign up|sign up now|register|register now|subscribe
subscribe now|subscribe today|my account|create account|create an account|already a subscriber
start your free trial|support us|donate|donate now|newsletter|newsletters|get the newsletter
sign up for our newsletter|sign up to our newsletter|subscribe to our newsletter
get our newsletter|sign up for our newsletters|accept|accept all|accept cookies|accept all cookies
reject all|cookie settings|cookie preferences|manage cookies|manage preferences|cookie policy
privacy|privacy policy|privacy notice|terms|terms of use|terms of service|terms and conditions
contact|contact us|about|about us|advertise|advertise with us|careers|help|faq|rss|rss feed
archive|archives|e-paper|epaper|next|previous|next article|previous article|next story
previous story|next post|previous post|older posts|newer posts|next page|previous page|page 1
loading|live|breaking|watch|watch live|watch now|play|play video|video|videos|gallery|photos
view gallery|view slideshow|slideshow|enlarge|enlarge image|view image|open image modal
hide caption|toggle caption|full screen|image 1 of 1
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
"""Whole lines that lead elsewhere or work the page."""

LISTS: Final = frozenset(
    """
related|related articles|related stories|related news|related content|related topics|related links
related posts|related coverage|related reading|related story|related article|see also|read more
read also|also read|more on this|more on this story|more on this topic|more from this section
more from|more stories|more news|more headlines|you may also like|you might also like|you may like
you might like|recommended|recommended for you|recommended stories|recommended reading
recommended articles|don't miss|in case you missed it|up next|read next|what to read next
most read|most popular|most viewed|most shared|most commented|most recent|popular|popular stories
popular articles|popular now|popular posts|trending|trending now|trending stories|trending topics
top stories|top news|latest|latest news|latest stories|latest articles|latest headlines|recent
recent features|recent stories|recent articles|recent posts|recent news|editor's picks
editors' picks|editor's choice|editors' choice|our picks|featured|featured stories|features
elsewhere on the web|around the web|from around the web|from the web|from our partners
sponsored links|paid links|in this story|in this article|table of contents|on this page
external links|further reading|explore more|explore more stories|what others are reading|headlines
other news|other stories|also in the news|also on the site|best of|the latest
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
"""Headings of lists of other articles."""

_LEADS: Final = re.compile(
    r"(?:read|see|watch|listen|view) (?:more|also|next|now)\s*(?:on|about|at|from|in|"
    r"here)?\s*[:>»–—-]"
    r"|(?:also|further|must|recommended|related|more|don['’]t miss)(?: (?:read|reading|stories|"
    r"story|articles?|"
    r"coverage|news|video|topics?|links?|content|posts?))?\s*[:>»]"
    r"|(?:read|watch|listen|see)\s*[:|»]\s|>{1,3}\s|»\s|→\s|more (?:on|from|in) (?:this|the|"
    r"our) \w+$"
    r"|(?:click|tap|press) (?:here|on|to)\b"
    r"|(?:sign up|subscribe|register|log in|sign in) (?:for|to|here|now|today|with|and|or)\b"
    r"|(?:follow|like|find|join) (?:us|me|him|her|them|our)? ?on (?:x|twitter|facebook|"
    r"instagram|telegram|linkedin|"
    r"youtube|whatsapp|tiktok|mastodon|threads|google news)\b|follow @|download (?:our|"
    r"the) (?:free )?app\b"
    r"|(?:share|tweet|pin|print|e-?mail|save|bookmark|comment)(?: (?:on|this|via|with|it|the|"
    r"article|story|\d+))+$"
    r"|get (?:the|our|all|more)\b.{0,60}\b(?:newsletters?|inbox|e-?mail|app|alerts?)\b"
    r"|\d[\d,.]* (?:comments?|shares?|views?|likes?|reads?|replies|retweets)$|"
    r"\d+ (?:min(?:ute)?|hour|hr|day|week|month)s? (?:read|ago)$"
    r"|(?:reading time|estimated reading time|read time|time to read)\s*:"
    r"|(?:this (?:web)?site|we|our (?:web)?site|"
    r"our partners) (?:and our partners )?use[sd]? cookies\b"
    r"|by (?:continuing|clicking|using|signing up|subscribing|"
    r"entering)\b.{0,80}\b(?:you (?:agree|accept|consent)|"
    r"cookies|terms|site)\b"
    r"|(?:please )?(?:enable|turn on|disable) (?:javascript|cookies|your ad ?blocker)\b"
    r"|(?:story|article|text) continues\b|continued on page\b|continued from page\b|"
    r"page \d+(?: of \d+)?$"
    r"|(?:image|photo|slide|picture) \d+ (?:of|/) \d+$|(?:hide|show|toggle|view|"
    r"open) (?:caption|gallery|image|comments?)\b"
    r"|support (?:our|independent|quality|local) (?:journalism|work|media|news)\b|"
    r"become a (?:member|subscriber|supporter)\b",
    re.IGNORECASE,
)
_RIGHTS: Final = re.compile(
    r"(?:©|\(c\) ?(?:19|20)\d\d|copyright\b|copr\.|℗)|(?:all|some) rights reserved\b"
    r"|(?:this|the) (?:material|content|article|story|work|report|text)(?:s| above|"
    r" here)? (?:may|must|can|cannot)(?: not)? be "
    r"(?:published|reproduced|republished|redistributed|copied|rewritten|broadcast)\b"
    r"|this (?:material|content|article|story|work|report|text|piece) is (?:copyright|"
    r"licen[sc]ed|protected|part of a series|"
    r"published under|republished|syndicated|brought to you)\b"
    r"|this (?:article|story|piece|post|essay|commentary|column|report|interview|op-ed) (?:was |"
    r"has been |is )?"
    r"(?:(?:first|originally|previously) (?:appeared|published|ran|posted|aired|written)|"
    r"appeared|republished|"
    r"(?:published|posted|produced|provided|supplied|syndicated) (?:by|in|on|with|"
    r"under) (?:the )?(?-i:[A-Z0-9]))"
    r"|(?:first|originally) (?:published|appeared|posted) (?:in|at|on|by|as)\b(?! \d| (?:mon|"
    r"tues|wednes|thurs|fri|satur|sun)day)"
    r"|(?:re)?published (?:under|with) (?:a |the )?(?:creative commons|permission|licen[sc]e)\b|"
    r"republish this\b"
    r"|reprinted (?:by|with) permission\b|used (?:by|with) permission\b|"
    r"reproduced with permission\b"
    r"|licen[sc]ed under\b|creative commons\b|(?:the |all |any )?(?:views|"
    r"opinions)(?: and (?:views|opinions))? "
    r"(?:expressed|stated|presented) (?:in|here|herein|on|above|are|do|by (?:the )?(?:authors?|"
    r"contributors?|columnists?|writers?))\b"
    r"|(?:any )?opinions? (?:here )?are (?:those|solely)\b|disclaimer\b"
    r"|(?:tags?|keywords|topics?|filed (?:under|in|to)|categor(?:y|ies)|labels|posted in|"
    r"hashtags|mentioned in this article)"
    r"(?:\s*[:|]|$)|tagged\b|about the (?:authors?|writers?|contributors?)\b"
    r"|(?:contact|e-?mail|write to|reach|tip) (?:the |this )?(?:author|writer|reporter|editor|"
    r"newsroom|us|him|her|them)\b.{0,30}"
    r"(?:@|at|:)|(?:e-?mail|contact|tel|phone|fax)\s*:\s?\S+|end(?:s|it)?[./]?$|-?\s?ends\s?-?$|"
    r"-{1,3}\s?30\s?-{1,3}$|#{2,3}$"
    r"|(?:our standards|the thomson reuters trust principles)\b|provided by\b.{0,40}$|"
    r"distributed by\b.{0,40}$"
    r"|(?:isbn|issn|doi)\b",
    re.IGNORECASE,
)
_CREDIT: Final = re.compile(
    r"[(\[]?\s*(?:(?:photo(?:graph)?s?|image|picture|video|graphic|illustration|cover|"
    r"featured image|file|map|lead image|"
    r"banner image)?\s*credits?(?: line)?|photograph(?:er|y|ed)?|photos? courtesy(?: of)?|"
    r"(?:image|picture) courtesy(?: of)?|"
    r"(?:photo(?:graph)?s?|image|picture|video|graphic|illustration|map|text and photos?) by|"
    r"courtesy(?: of)?|"
    r"image source|photo source|source of (?:photo|image)|camera|produced by|edited by|"
    r"editing by|translat(?:ed|ion) by|"
    r"compiled by|additional reporting by|with additional reporting|reporting and writing by|"
    r"with reporting (?:by|from)|"
    r"with files from|with inputs? from|with agencies)\b\s*[:|–—-]?\s*",
    re.IGNORECASE,
)
_PICTURE: Final = re.compile(
    r"[(\[]?\s*(?:(?:file|archive|handout|stock|press|aerial|undated|pool) )?"
    r"(?:photos?|photograph|images?|pictures?|pics?|video|illustration|graphic|map|chart|"
    r"infographic|caption|photo caption|"
    r"image caption(?=[:,])|pictured|cartoon|screenshot|screengrab|file)(?: (?:above|below|left|"
    r"right))?\s*(?:[:|]|(?<=image caption),)\s*",
    re.IGNORECASE,
)
_STOCK: Final = re.compile(
    r"(?:[/,(|–—-]\s?|\bvia |photo(?:s)? ?[/:]? ?|©\s?)(?:afp|reuters|ap|ap photo|"
    r"getty(?: images)?|epa|xinhua|kyodo(?: news)?|"
    r"shutterstock|istock(?:photo)?|alamy(?: stock photo)?|flickr|wikimedia(?: commons)?|pexels|"
    r"unsplash|bloomberg|rex|pa|"
    r"pa wire|pa images|zuma|tass|yonhap|anadolu(?: agency)?|handout|file photo|pool|corbis|"
    r"magnum|vcg)[)\]]?$"
    r"|\((?:file|handout|pool)(?: photo)?\)$"
    # The ferry at the pier in May. Photo: Ada Lind
    r"|[.!?)”] [(\[]?(?:photo(?:graph)?|picture|image|credit)s?(?: by|: ?| credit:? ?)"
    r"[^.:!?]{2,40}$",
    re.IGNORECASE,
)
_STOCK_FIRST: Final = re.compile(
    r"[(\[]?(?:(?:ap|reuters|afp|file|handout|stock) photo\b|getty images)", re.IGNORECASE
)
_HELPED: Final = re.compile(
    r"\bcontributed (?:reporting )?(?:to|from|for) (?:this|the) (?:report|story|article|piece)\b"
    r"|\bcontributed (?:additional )?reporting\b"
)
_CORRECTION: Final = re.compile(
    r"[(\[*_]*\s*(?:corrections?|clarifications?|corrigendum|erratum|editor['’]?s['’]? note|"
    r"correction and clarification|"
    r"correction appended|clarification appended|for the record)\b[*_]*\s*(?:[:.–—(,-]|$)"
    r"|[(\[*_]*(?:an|the) (?:earlier|previous|original|initial|first) versions? of (?:this|the|"
    r"our)\b"
    r"|[(\[*_]*(?:this|the) (?:article|story|post|report|piece|headline|page|version|column|"
    r"item|dispatch) (?:has been|was|is being)"
    r" (?:since )?(?:corrected|updated|amended|changed|clarified|edited|revised|modified|"
    r"refiled|recast)\b"
    r"|[(\[](?:corrects|clarifies|refiles?|adds|recasts|updates|removes|fixes|changes|amends)\b"
    r"|due to an? (?:editing|reporting|production|translation) (?:error|mistake)\b|we (?:regret|"
    r"apologi[sz]e for) the error\b",
    re.IGNORECASE,
)
_TRAIL: Final = re.compile(r"\s*[:>»…|.!?‹›→+-]+$")
_MENU: Final = re.compile(r"\s*(?:\||›|»|→|/(?=\s)|•|·|>)\s*")
_ENDS: Final = ".!?…。！？"
_QUOTES: Final = "\"'”’)]»」』"

LONG: Final = 400
"""Characters of the longest line that can be noise by its wording; cookie notices come close to it."""
_SHORT: Final = 120
_PARAGRAPH: Final = 160
_SMALL: Final = frozenset({"of", "the", "for", "and", "in", "via", "by", "at", "de", "von", "van"})
_FEW: Final = 8
"""Words that the name of a photographer with an agency has at most."""

_TRIGGERS: Final = frozenset(
    """a ad ads about accept added adds advertise advertisement aerial all also amends an any ap
    ap: archive article around banner be become best bookmark breaking by camera caption
    cartoon categories category changes chart clarification clarifications clarifies click
    close comment comments compiled contact continue continued continues copyright copr
    correction corrections corrects corrigendum courtesy cover create creative credit
    credits disclaimer disable distributed doi don't download due e-mail edited editing
    editor editor's editors editors' email enable end endit ends enlarge erratum estimated
    explore external facebook fax featured features file filed find first fixes follow for
    from full further gallery get getty gift give go graphic handout hashtags headlines hide
    home i image images in infographic isbn issn join keywords labels latest lead learn
    leave licensed licenced like link linkedin listen live load log login loading main
    manage map mentioned menu more most must navigation newsletter newsletters next no older
    open opinions opinion original originally other our page paid phone photo photograph
    photographed photographer photography photos pic pics picture pictured pictures pin play
    please pool popular post posted press previous print printer privacy produced promoted
    provided published read reading reader recasts recent recommended reddit refile refiles
    register reject related removes report reporting reprinted reproduced republish
    republished return reuters rss save screengrab screenshot scroll search see send share
    show sign site sitemap skip slide slideshow some source sponsored start stock story
    subscribe support tag tagged tags tap tel terms text the this time tip toggle top topic
    topics translated translation trending tweet twitter undated updates up used video
    videos view views watch we what whatsapp with write x you afp""".split()
)
"""First words of lines that the patterns may fit: most lines are none and need no look at them."""
_FIRST: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def kind(line: str) -> PartKind | None:
    """What a line is by its wording alone, or None for what may be text.

    >>> kind("Photo: Jo Lind / Reuters"), kind("Photo: The old crane leans over the quay."), kind("Read more")
    ('credit', 'caption', 'navigation')
    """
    if len(line) > LONG:
        return None
    first = _FIRST.match(line)
    trigger = first is None or first[0].lower().replace("’", "'") in _TRIGGERS
    if not trigger:
        if len(line) <= _SHORT and _is_menu(line):
            return "navigation"
        return _stock(line)
    bare = _TRAIL.sub("", line.lower().replace("’", "'")) if len(line) <= _SHORT else ""
    if bare in NAVIGATION or bare in LISTS:
        return "navigation"
    if _CORRECTION.match(line):
        return "correction"
    if _RIGHTS.match(line) and not _says_who(line):
        return "boilerplate"
    if found := _CREDIT.match(line):
        rest = line[found.end() :]
        if rest:
            return "credit" if _is_name(rest) else "caption"
        return "credit" if line[0] in "Ww" else None
    if found := _PICTURE.match(line):
        rest = line[found.end() :]
        if rest:
            return "credit" if _is_name(rest) and _has_names(rest) else "caption"
    if _LEADS.match(line) and len(line) <= 250:
        return "navigation"
    if len(line) <= _SHORT and _is_menu(line):
        return "navigation"
    return _stock(line)


def is_list(line: str) -> bool:
    """Whether a line heads a list of other articles."""
    return _TRAIL.sub("", line.lower().replace("’", "'")) in LISTS


def ends(line: str) -> bool:
    """Whether a line ends as a sentence does.

    >>> ends("He went home.”"), ends("Mayor goes home")
    (True, False)
    """
    return line.rstrip(_QUOTES).endswith(tuple(_ENDS))


def _stock(line: str) -> PartKind | None:
    """A caption or a credit, if a line ends with who took a picture, or says who helped to write."""
    if len(line) > 300:
        return None
    if "contributed" in line and len(line) <= _PARAGRAPH and _HELPED.search(line):
        return "credit"
    if ends(line) or not (_STOCK_FIRST.match(line) or _STOCK.search(line[-60:])):
        return None
    return "caption" if len(line.split()) > _FEW else "credit"


def _is_name(words: str) -> bool:
    """Whether words name somebody rather than tell what a picture shows."""
    words = words.rstrip(")] ")
    return bool(words) and len(words.split()) <= _FEW + 2 and not ends(words.removesuffix("Inc."))


def _has_names(words: str) -> bool:
    """Whether words but the smallest have capitals: `Image: The ferry at the pier` has not."""
    return all(not word[0].islower() or word in _SMALL for word in words.split())


def _says_who(line: str) -> bool:
    """Whether a line that speaks of rights or opinions is a sentence of the running text."""
    return bool(
        re.match(r"(?i:copyright|disclaimer|ends?|provided|isbn|doi) (?!by |of |notice)[a-z]", line)
    ) or (line[:10].lower().startswith(("copyright ", "creative ")) and len(line) > 160)


def _is_menu(line: str) -> bool:
    """Whether a line is a row of links or a path of sections, not of date and time."""
    if not any(mark in line for mark in "|›»→•·>/"):
        return False
    parts = [part for part in _MENU.split(line) if part]
    return len(parts) >= 3 and all(
        len(part.split()) <= 3 and not part[0].islower() and not any(c.isdigit() for c in part)
        for part in parts
    )


# ----------------------------------------------------------------------------- words run together

_JOINT: Final = re.compile(  # led by the capital: there are fewer of them
    r"[A-Z](?:(?<=[a-z]{3}.)|(?<=[a-z]{3}[.!?\"”’].)|(?<=[a-z]{3}[.!?][\"”’].))(?=[a-z]{2})"
)
_RUN: Final = 60


def joints(text: str) -> Iterator[Span]:
    """Yield the words that a copy ran together where one line ended and the next began.

    A small letter runs into a capital inside a word that does not begin with one itself (names such
    as PlayStation do), or behind the end of a sentence with no space.

    >>> text = "He met the leadersWords are cheap. Will it last?Tokyo Report"
    >>> [text[start:end] for start, end in joints(text)]
    ['leadersWords', 'last?Tokyo']
    """
    for found in _JOINT.finditer(text):
        end = found.start()
        first = start = end - 2 + len(text[end - 2 : end].rstrip('.!?"”’'))
        while first and start - first < _RUN and text[first - 1].isalpha():
            first -= 1
        last = end
        while last < len(text) and last - end < _RUN and text[last].isalpha():
            last += 1
        before = text[first - 1] if first else " "
        after = text[last] if last < len(text) else " "
        if before in "@/#.:_-&=" or after in "@/_=" or start - first == _RUN:
            continue  # an address, a hashtag, a name of a program
        if after == "." and text[last + 1 : last + 2].isalnum():
            continue
        if start == end and (text[first].isupper() or before.isdigit()):
            continue
        yield Span(first, last)
