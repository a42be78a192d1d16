"""Titles, offices and callings: what stands before a name, and what a person is called instead."""

from __future__ import annotations

from typing import Final

TITLES: Final = frozenset(
    # forms of address
    "mr mrs ms miss mx dr drs prof profs hon sir dame lord lady madam madame monsieur mme herr frau señor"
    " señora don"
    # armed forces and police
    " gen general lt lieutenant col colonel maj major capt captain cmdr commander adm admiral"
    " sgt sergeant"
    " cdr supt insp det amb pres cllr comdr cmdt cpt pfc sfc ssgt msgt tsgt radm vadm"
    " const ald mlle"
    " cpl corporal pvt private spc specialist brig brigadier marshal commodore ensign warrant"
    " officer chief inspector detective constable superintendent sheriff agent airman seaman lance"
    # the Church and other faiths
    " pope cardinal archbishop bishop rev reverend fr father sister brother monsignor pastor"
    " rabbi imam"
    " ayatollah sheikh sheik mullah mufti grand patriarch dean canon vicar deacon lama saint"
    # crowned heads and the like
    " king queen prince princess emperor empress duke duchess earl count countess baron baroness"
    " sultan"
    " emir shah tsar crown"
    # offices
    " president premier minister chancellor secretary undersecretary governor mayor senator sen"
    " representative rep congressman congresswoman congressmember councillor councilman"
    " councilwoman"
    " councilor alderman assemblyman assemblywoman lawmaker mp mep delegate ambassador envoy"
    " consul commissioner"
    " attorney solicitor prosecutor judge justice magistrate speaker whip leader chairman"
    " chairwoman"
    " chairperson chair director director-general secretary-general vice-president president-elect"
    " gov ceo cfo coo cto executive manager head chief-of-staff spokesman spokeswoman"
    " spokesperson spokespeople"
    " coordinator administrator administrator-general comptroller treasurer auditor registrar"
    " professor lecturer rector provost principal dean-emeritus doctor nurse surgeon coach"
    " captain-elect"
    " editor reporter correspondent columnist author analyst economist historian scientist"
    " researcher"
    " activist lawyer barrister counsel actor actress singer director-designate candidate"
    " nominee founder"
    " co-founder cofounder owner chairman-elect tánaiste taoiseach comrade supremo generalissimo"
    " dictator"
    " warlord first-lady ombudsman undersecretary-general foreman presenter host striker midfielder"
    " defender goalkeeper astronaut cosmonaut engineer architect artist filmmaker producer"
    " novelist poet"
    " philosopher photographer biologist physicist chemist climatologist geologist seismologist"
    " epidemiologist psychologist sociologist attorney-general lt-gen undersec sec asst adviser"
    " advisor"
    " presidents ministers senators generals professors secretaries governors mayors judges"
    " bishops cardinals"
    " kings queens princes ambassadors representatives lawmakers mps chancellors premiers drs"
    " messrs"
    " dissident defector journalist broadcaster blogger tycoon billionaire businessman"
    " businesswoman"
    " entrepreneur investor banker trader politician statesman diplomat officeholder"
    " secretary-designate".split()
)
"""Words that stand right before a person's name."""

BRIEF: Final = frozenset(
    "mr mrs ms dr prof gen lt col maj capt cmdr adm sgt cpl pvt spc brig sen rep gov rev fr sec"
    " asst st cdr supt insp det amb pres cllr comdr cmdt cpt pfc sfc ssgt msgt tsgt radm vadm hon const"
    " ald mlle govs sens reps gens drs profs".split()
)
"""Titles that a full stop may follow."""

GRADES: Final = frozenset(
    "prime vice deputy acting former first second third chief senior junior foreign defense"
    " defence interior"
    " finance financial justice health education trade agriculture environment energy transport"
    " transportation labor labour culture sport sports tourism science housing commerce home press"
    " assistant associate principal permanent lieutenant attorney solicitor secretary general"
    " executive"
    " managing founding co-founding honorary outgoing incoming then-prime ex-prime supreme staff"
    " master"
    " gunnery petty special grand crown opposition majority minority party parliamentary"
    " presidential"
    " vice-presidential national state federal local regional city district county security policy"
    " military naval army navy air police fire rear brigadier major field under parliamentary trade"
    " communications information intelligence treasury immigration development planning industry"
    " budget economy economic social welfare employment environmental water technology digital"
    " church lead"
    " emeritus emerita top veteran longtime head late right honourable honorable his her"
    " holiness majesty"
    " highness excellency"
    " minister president director squadron wing group flight warrant noncommissioned command"
    " sub".split()
)
"""Words that stand before a title and belong to it."""

PORTFOLIOS: Final = frozenset(
    "state education defense defence finance justice health interior foreign affairs trade"
    " agriculture"
    " environment energy transport transportation labor labour culture sport sports tourism science"
    " housing commerce treasury homeland security veterans home northern industry technology"
    " economy"
    " economic planning development information communications employment women youth children"
    " families"
    " pensions work immigration budget exchequer staff fisheries forestry food water public works"
    " and innovation infrastructure international cooperation religious european climate change"
    " equality"
    " business skills media digital social welfare war navy army research education".split()
)
"""What ministers and secretaries are of and for."""

PERSONS: Final = TITLES | frozenset(
    "man woman boy girl teenager resident witness victim survivor official aide diplomat politician"
    " legislator deputy lawyer teacher student worker farmer driver neighbour neighbor relative"
    " mother"
    " father son daughter wife husband widow brother sister uncle aunt cousin friend colleague"
    " expert"
    " specialist critic observer commentator negotiator insider source whistleblower refugee"
    " soldier"
    " pilot sailor fisherman migrant protester demonstrator organiser organizer campaigner"
    " volunteer"
    " employee guard detainee prisoner inmate suspect defendant plaintiff customer passenger"
    " patient"
    " player footballer athlete swimmer runner cyclist boxer golfer driver referee fan supporter"
    " opponent rival successor predecessor incumbent contender challenger member fellow scholar"
    " academic"
    " strategist consultant adviser advisor trustee chairman curator librarian musician"
    " guitarist drummer"
    " writer blogger poster user commissioner monk nun priest cleric preacher theologian bishop"
    " policeman policewoman firefighter paramedic doctor physician veterinarian pharmacist"
    " shopkeeper hotelier restaurateur chef baker butcher carpenter electrician plumber"
    " pensioner veteran native citizen lawmaker senator partner boss tycoon heir heiress"
    " king queen prince princess pope president respondent interviewee caller reader viewer"
    " manager trainer assistant secretary clerk operator controller dispatcher captain creator"
    " designer"
    " developer programmer inventor explorer climber mountaineer survivor hostage captive kidnapper"
    " gunman attacker bomber shooter killer rapist thief smuggler trafficker dealer militant rebel"
    " insurgent terrorist extremist separatist nationalist loyalist royalist monarchist".split()
)
"""What one person is called by office, calling or part in a story; the last word of a description."""

BODIES: Final = frozenset(
    "ministry department agency authority commission court council senate congress parliament"
    " assembly"
    " committee bureau office administration government cabinet tribunal board embassy consulate"
    " army"
    " navy force police party coalition front newspaper paper magazine broadcaster channel station"
    " network agency university institute college school academy laboratory company corporation"
    " firm"
    " bank airline group manufacturer retailer carmaker automaker foundation association society"
    " federation"
    " union church club campaign movement league trust fund alliance organization organisation"
    " charity"
    " hospital museum team panel body regulator watchdog state country nation kingdom republic"
    " empire"
    " regime junta militia brigade regiment battalion command outlet website site daily weekly"
    " journal"
    " publisher tribunal bloc think-tank thinktank lobby ngo inc studio label developer operator"
    " utility".split()
)
"""What an organisation or a state is called when it has been named."""

HIDDEN: Final = frozenset(
    "officials critics sources observers analysts experts insiders people some others many"
    " diplomats"
    " opponents supporters commentators witnesses reports rumours rumors media aides advisers"
    " advisors"
    " accusers detractors sceptics skeptics someone somebody anyone one somebody everybody"
    " everyone few"
    " several most all none nobody authorities".split()
)
"""Those whom a text cites without saying who they are."""
