"""What organisations are called: the words that give away their kind, and the well-known by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kg.model import ActorKind

_HEADS: Final[dict[ActorKind, str]] = {
    "government-body": (
        "ministry department agency authority commission commissions court courts council councils"
        " senate congress parliament assembly house committee subcommittee bureau office"
        " administration"
        " service services treasury government cabinet tribunal board secretariat embassy"
        " consulate directorate inspectorate legislature judiciary presidency mayoralty taskforce"
        " panel registry customs fire-brigade ombudsman exchequer watchdog regulator chancellery"
        " politburo"
        " congresswoman junta"
    ),
    "armed-force": (
        "army navy airforce force forces marines corps guard guards brigade brigades battalion"
        " regiment division command squadron fleet militia militias infantry artillery battery"
        " commandos troops police constabulary gendarmerie carabinieri patrol legion rangers"
        " paratroopers"
        " sheriffs wing platoon peshmerga army-group"
    ),
    "political-party": "party front coalition caucus bloc democrats greens",
    "media": (
        "times post news herald tribune gazette journal mail telegraph chronicle daily press"
        " broadcasting radio television tv magazine observer review weekly shimbun ilbo"
        " zeitung newspaper newspapers media newswire examiner inquirer dispatch courier bulletin"
        " newsweek presse nouvelles monde diario cronica wire sentinel register-guard"
        " picayune bee argus advertiser enquirer correspondent podcast"
    ),
    "research-organisation": (
        "university institute institution college school academy laboratory laboratories"
        " observatory"
        " polytechnic centre center faculty seminary lab universität université universidad"
        " universiteit università"
    ),
    "company": (
        "inc corp corporation ltd limited llc plc co company companies group holdings holding"
        " bank banks airlines airline airways motors motor industries technologies technology"
        " systems"
        " partners capital energy oil petroleum electric electronics pharmaceuticals pharmaceutical"
        " pharma records studios studio pictures entertainment foods stores supermarkets gmbh ag"
        " sa nv"
        " spa kk brothers bros software networks telecom telecommunications communications steel"
        " mining shipping shipyard railways railway railroad insurance securities investments"
        " financial"
        " properties estates hotels resorts restaurants logistics semiconductor semiconductors"
        " aerospace"
        " aviation automotive chemicals chemical breweries brewery publishing publishers"
        " press-group"
        " consulting consultants solutions enterprises exchange ventures labs-inc interactive"
        " games-studio"
    ),
    "civil-society": (
        "foundation association society federation confederation union unions church club campaign"
        " movement league trust fund alliance organization organisation network initiative project"
        " congregation diocese archdiocese parish synagogue mission charity charities relief"
        " watch coalition-against fc afc united rovers athletic museum gallery orchestra"
        " philharmonic opera ballet choir theatre-company brotherhood sisterhood lodge guild"
        " order chamber"
        " org forum conference-of hospital clinic hospice library zoo aquarium synod temple-of"
        " friends"
        " team squad crew cooperative co-operative collective aid crescent crusade"
    ),
}

HEADS: Final[dict[str, ActorKind]] = {
    word: kind for kind, words in _HEADS.items() for word in words.split()
}
"""Words that, at the end or before `of` and `for`, make a capitalised name one of an organisation."""

SUFFIXES: Final = frozenset(
    "inc corp corporation ltd limited llc plc co company group holdings gmbh ag sa nv shimbun"
    " ilbo".split()
)
"""Words that a company or a newspaper loses when it is named for the second time."""

LEGAL: Final = frozenset("AS ASA AB Oy OY Oyj BV B.V. NV N.V. S.A. SpA Pty SARL Ltda PJSC".split())
"""Forms of companies that are told by their capitals: Norsk Something AS."""

OF: Final = frozenset(
    "ministry department government bureau office institute institution university college"
    " school academy faculty"
    " bank church city town county village province state republic kingdom union league association"
    " organization organisation federation confederation society committee subcommittee commission"
    " council board court courts house chamber museum gallery order army navy party parliament"
    " senate congress assembly municipality principality emirate gulf bay strait straits isle"
    " isles cape"
    " sea port lake river territory district archdiocese diocese voice center centre fund friends"
    " daughters sons knights brotherhood front movement alliance campaign centers centres"
    " declaration"
    " treaty battle statue tower palace temple agency authority coalition conference directorate"
    " embassy"
    " group guild mission network secretariat service states tribunal doctors reporters communities"
    " soldiers students mothers veterans physicians lawyers journalists americans citizens"
    " partnership"
    " cathedral basilica shrine dome mount valley archbishopric see bishopric duchy dominion"
    " convention foundation hospital library zoo exchange stock corporation directors".split()
)
"""Words behind which `of`, `for` and `of the` go on with the name."""

FOR: Final = frozenset(
    "ministry department bureau office institute center centre centers centres agency committee"
    " commission council board school fund foundation movement alliance campaign coalition party"
    " association organization organisation society network forum union federation directorate"
    " americans citizens lawyers doctors physicians students mothers veterans united partnership"
    " mission programme program project trust tribunal court".split()
)

JOINING: Final = frozenset(
    "ministry department office institute school committee council centre center faculty bureau"
    " commission board centers centres agency college directorate".split()
)
"""Heads whose fields may be joined by `and`: the Ministry of Trade and Industry."""

TOPICS: Final = frozenset(
    "cup olympics games championship championships tournament festival war wars summit conference"
    " open prix award awards prize act law treaty agreement accord accords convention bill protocol"
    " declaration constitution revolution uprising spring pact plan resolution amendment code"
    " charter"
    " operation election elections referendum crisis scandal affair massacre holocaust hurricane"
    " typhoon storm cyclone expo fair exhibition marathon derby grand-prix season series"
    " doctrine deal"
    " test-ban programme-for medal oscar oscars grammy grammys emmys ceremony parade concert tour"
    " hajj ramadan bible quran koran torah talmud internet web virus ebola covid-19 sars brexit"
    " theorem effect principle syndrome disease index average report study survey".split()
)
"""Last words of names of happenings, texts and honours: no actors."""

EVENTS: Final = frozenset(
    "cup olympics games championship championships tournament festival summit conference open prix"
    " awards election elections expo marathon".split()
)
"""What may carry a year before or behind its name."""

_KNOWN: Final[dict[ActorKind, str]] = {
    "intergovernmental-body": """
        United Nations, UN, U.N., NATO, Nato, North Atlantic Treaty Organization, European Union
        EU, E.U.
        European Commission, European Parliament, European Council, Council of Europe, Eurogroup
        European Central Bank, ECB, International Monetary Fund, IMF, World Bank
        World Trade Organization
        World Trade Organisation, WTO, World Health Organization, World Health Organisation, WHO
        UNICEF
        Unicef, UNESCO, Unesco, UNHCR, UNDP, UNEP, UNRWA, UNAIDS, World Food Programme
        World Food Program
        WFP, FAO, ILO, IAEA, International Atomic Energy Agency, OPEC, Opec, OPEC+, OECD, OSCE
        ASEAN, Asean
        African Union, Arab League, G7, G8, G20, G-7, G-8, G-20, Group of Seven, Group of Eight
        Group of 20
        Interpol, INTERPOL, Europol, Eurojust, Frontex, International Criminal Court, ICC, ICJ
        International Court of Justice, Security Council, UN Security Council, General Assembly
        UN General Assembly, Commonwealth of Nations, Mercosur, ECOWAS, Ecowas, SADC, APEC, Apec
        SAARC
        Organization of American States, OAS, Gulf Cooperation Council, GCC
        Organisation of Islamic Cooperation
        OPCW, IPCC, Intergovernmental Panel on Climate Change, International Energy Agency, IEA
        BRICS, Brics
        Shanghai Cooperation Organisation, Shanghai Cooperation Organization, Asian Development Bank
        European Court of Human Rights, European Court of Justice, Human Rights Council, IOM, CERN
        International Organization for Migration, League of Nations, Eurasian Economic Union, AU
        World Meteorological Organization, WMO, International Civil Aviation Organization, ICAO
        UNODC, Benelux
    """,
    "government-body": """
        White House, Pentagon, Downing Street, Bundestag, Bundesrat, Knesset, Duma, State Duma
        Lok Sabha
        Rajya Sabha, Diet, Sejm, Riksdag, Folketing, Storting, Cortes, Dáil, Whitehall, Capitol
        Congress
        Senate, House of Representatives, House of Commons, House of Lords, Supreme Court
        High Court, Home Office
        Foreign Office, Treasury, State Department, Justice Department, FBI, CIA, NSA, DEA, EPA
        FDA, CDC, NASA, DoD, MoD, USAID
        Nasa, NOAA, FEMA, IRS, ATF, SEC, FCC, FTC, FAA, NTSB, NHS, HMRC, MI5, MI6, GCHQ, KGB, FSB
        GRU, Mossad
        Shin Bet, ISI, Stasi, Politburo, Federal Reserve, Fed, Bank of England, Bank of Japan
        Bundesbank
        National Security Council, Homeland Security, Blue House, Élysée, Elysee, Quai d'Orsay
        Taoiseach
        Scotland Yard, Guantanamo Bay Naval Base, Loya Jirga, Yuan, Sinn Fein government, Hill
        Palestinian Authority, Cabinet Office, Crown Prosecution Service, DOJ, DHS, USGS, TSA, USDA
    """,
    "armed-force": """
        Taliban, Hamas, Hezbollah, Hizbollah, Hizbullah, al-Qaeda, al-Qaida, Al-Qaida, Al-Qaeda
        Al Qaeda, al Qaeda
        Islamic State, ISIS, ISIL, IS, Daesh, Da'esh, Islamic State of Iraq and the Levant
        Islamic State of Iraq and Levant, Islamic State of Iraq and Syria
        Islamic State of Iraq and al-Sham, Boko Haram, al-Shabaab, al-Shabab, Al-Shabaab, Farc, FARC
        ETA, IRA, PKK, YPG, Houthis, Houthi, Janjaweed, Mujahideen, Fatah, Islamic Jihad
        Lashkar-e-Taiba
        Red Army, People's Liberation Army, PLA, IDF, Israel Defense Forces, Special Forces
        Navy SEALs
        Coast Guard, National Guard, Air Force, Royal Navy, Royal Air Force, RAF, Royal Marines
        Marine Corps
        CENTCOM, LAPD, NYPD, Revolutionary Guards, Revolutionary Guard, Peshmerga, Wagner Group
        Tamil Tigers
        Syrian Democratic Forces, SDF, Free Syrian Army, Khmer Rouge, Viet Cong, Jabhat al-Nusra
        Nusra Front
        Wehrmacht, Red Guards, Met Police, Metropolitan Police, Ansar al-Sharia, Contras
        Sandinistas, LTTE
    """,
    "political-party": """
        Labour, Labour Party, Conservative Party, Tories, Liberal Democrats, Lib Dems, Republicans
        Democrats
        Republican Party, Democratic Party, GOP, Green Party, Greens, Ukip, UKIP, SNP, DUP
        Sinn Fein, Sinn Féin
        Plaid Cymru, Likud, Kadima, Fidesz, Syriza, Podemos, Vox, AfD, CDU, CSU, SPD, FDP, CDU/CSU
        Kuomintang
        Komeito, Liberal Democratic Party, LDP, Communist Party, BJP, Bharatiya Janata Party, ANC
        Zanu-PF, ZANU-PF
        African National Congress, Tea Party, Muslim Brotherhood, Baath Party, Ba'ath Party
        National Front
        United Russia, Solidarity, Workers' Party, Law and Justice, Five Star Movement, Forza Italia
    """,
    "media": """
        Reuters, Associated Press, AP, Agence France-Presse, AFP, Bloomberg, BBC, BBC News, CNN
        NBC, NBC News
        CBS, CBS News, ABC, ABC News, Fox News, MSNBC, CNBC, NPR, PBS, C-SPAN, ITV, ITN, Sky News
        Channel 4
        Channel 4 News, Al Jazeera, al-Jazeera, Al-Jazeera, Al Arabiya, Al-Arabiya, NHK, Kyodo
        Kyodo News, Jiji
        Xinhua, Xinhua News Agency, CCTV, CGTN, Yonhap, Yonhap News Agency, KBS, KCNA
        Korean Central News Agency, TASS, Tass, ITAR-TASS, RIA Novosti, Interfax, Izvestia
        Kommersant, RT
        Deutsche Welle, ZDF, ARD, dpa, DPA, ANSA, EFE, Anadolu, IRNA, Fars, SANA, WAFA, Haaretz
        Ha'aretz
        Jerusalem Post, Guardian, The Guardian, Times, The Times, The Sun, The Independent
        The Economist
        Economist, Financial Times, Wall Street Journal, New York Times, Washington Post
        Los Angeles Times
        USA Today, Chicago Tribune, Boston Globe, Newsweek, Time, Forbes, Fortune, Politico
        BuzzFeed, Vox Media
        HuffPost, Huffington Post, Axios, Le Monde, Le Figaro, Libération, Liberation, Der Spiegel
        Spiegel
        Die Zeit, Die Welt, Bild, Frankfurter Allgemeine Zeitung, Süddeutsche Zeitung, El País
        El Pais, El Mundo
        Corriere della Sera, La Repubblica, La Stampa, Asahi Shimbun, Yomiuri Shimbun
        Mainichi Shimbun, Asahi
        Nikkei, Sankei Shimbun, Japan Times, Chosun Ilbo, JoongAng Ilbo, Hankook Ilbo, Hankyoreh
        South China Morning Post, People's Daily, Global Times, China Daily, Straits Times
        Times of India
        The Hindu, Hindustan Times, Dawn, Sydney Morning Herald, The Age, The Australian
        Globe and Mail
        The Globe and Mail, Toronto Star, Wikinews, WikiLeaks, Wikileaks, Wikipedia
        Voice of America
        Radio Free Europe, Radio Free Asia, Daily Mail, Daily Mirror, Daily Telegraph, Daily Express
        Evening Standard, Irish Times, The Scotsman, The Onion, The Atlantic, The New Yorker
        New Yorker
        Rolling Stone, Vanity Fair, National Geographic, The Lancet, Lancet, Science, Nature, Vice
        Slate, Salon
        The Intercept, ProPublica, Der Standard, Novaya Gazeta, Pravda, Granma
        Press Trust of India, PTI, ESPN
    """,
    "company": """
        Google, Apple, Microsoft, Amazon.com, Facebook, Twitter, YouTube, Instagram, WhatsApp
        Uber, Airbnb, Tesla
        SpaceX, Boeing, Airbus, Lockheed Martin, Raytheon, Northrop Grumman, BAE Systems, Ford
        General Motors
        GM, Toyota, Honda, Nissan, Mazda, Mitsubishi, Hyundai, Kia, Volkswagen, VW, BMW, Daimler
        Mercedes-Benz
        Fiat, Renault, Peugeot, Samsung, Sony, Panasonic, Toshiba, Hitachi, Fujitsu, Sharp, LG
        Huawei, ZTE
        Alibaba, Tencent, Baidu, Lenovo, Nokia, Ericsson, Siemens, Bosch, Philips, IBM, Intel, AMD
        Nvidia
        Oracle, Cisco, Dell, HP, Hewlett-Packard, Yahoo, Yahoo!, eBay, PayPal, Netflix, Disney
        Walt Disney
        Time Warner, Comcast, Verizon, AT&T, T-Mobile, Vodafone, BT, Orange, ExxonMobil, Exxon
        Chevron, BP, Shell
        Royal Dutch Shell, Total, Gazprom, Rosneft, Lukoil, Aramco, Saudi Aramco, Petrobras, Eni
        Enron, Halliburton
        Goldman Sachs, Morgan Stanley, JPMorgan, JPMorgan Chase, Citigroup, Citibank
        Bank of America, Wells Fargo
        HSBC, Barclays, Lloyds, RBS, Deutsche Bank, UBS, Credit Suisse, Lehman Brothers, Moody's
        Standard & Poor's
        Fitch, McDonald's, Starbucks, Coca-Cola, Pepsi, PepsiCo, Nestlé, Nestle, Unilever
        Budweiser, Walmart
        Wal-Mart, Target, Tesco, Sainsbury's, Ikea, IKEA, Nike, Adidas, Pfizer, Merck, Novartis
        Roche, Bayer
        AstraZeneca, GlaxoSmithKline, GSK, Johnson & Johnson, Moderna, BioNTech, Monsanto
        Lufthansa, Ryanair
        EasyJet, easyJet, Qantas, Emirates Airline, Delta Air Lines, Nasdaq, NASDAQ, NYSE
        New York Stock Exchange
        Mozilla, OpenAI, Gawker, TikTok, ByteDance, LinkedIn, Skype, Spotify, Nintendo, Sega
        Gallup, Ipsos, YouGov
        Macy's, Lloyd's, Sotheby's, Christie's, Levi's, Kellogg's, Wendy's, Procter & Gamble
        Pan Am, Tepco, TEPCO
    """,
    "civil-society": """
        Red Cross, Red Crescent, ICRC, International Committee of the Red Cross
        Amnesty International, Amnesty
        Human Rights Watch, HRW, Greenpeace, Oxfam, Médecins Sans Frontières
        Doctors Without Borders, MSF, WWF
        World Wildlife Fund, Save the Children, Transparency International
        Reporters Without Borders
        Friends of the Earth, Sierra Club, ACLU, NAACP, NRA, AFL-CIO, Black Lives Matter
        Scientology
        Church of Scientology, Catholic Church, Church of England, Freedom House
        Wikimedia Foundation, FIFA, Fifa
        UEFA, Uefa, IOC, International Olympic Committee, NBA, NFL, MLB, NHL, NCAA, IAAF
        ICC Cricket, WADA
        Manchester United, Real Madrid, Arsenal, Chelsea, Liverpool FC, Juventus, Bayern Munich
        Anonymous
        Salvation Army, Boy Scouts, Ku Klux Klan, Falun Gong, Opus Dei, Solidarność, Hells Angels
        Tea Party Express
        World Economic Forum, Ummah, Politburo Watch, PETA, Occupy Wall Street, Pussy Riot
        White Helmets
    """,
    "research-organisation": """
        Georgia Tech, Virginia Tech, Texas Tech
        Harvard, Yale, Princeton, Stanford, MIT, Caltech, UCLA, Berkeley, Oxford University
        Cambridge University
        Brookings Institution, Brookings, RAND, Rand Corporation, Chatham House
        Heritage Foundation, Cato Institute
        Council on Foreign Relations, Carnegie Endowment
        Carnegie Endowment for International Peace, SIPRI
        Pew Research Center, Pew, Lowy Institute, Royal Society, Max Planck Society, Smithsonian
        Sorbonne
        Peterson Institute, American Enterprise Institute, King's College, King's College London
        International Crisis Group, Crisis Group, CNRS, Columbia University, Cornell, Johns Hopkins
    """,
}

KNOWN: Final[dict[str, ActorKind]] = {
    name.strip(): kind
    for kind, names in _KNOWN.items()
    for name in names.replace("\n", ",").split(",")
    if name.strip()
}
"""Well-known organisations, as newspapers call them."""

SAME: Final[tuple[tuple[str, ...], ...]] = (
    ("United Nations", "UN", "U.N."),
    ("European Union", "EU", "E.U."),
    ("North Atlantic Treaty Organization", "NATO", "Nato"),
    ("International Atomic Energy Agency", "IAEA"),
    ("World Health Organization", "World Health Organisation", "WHO"),
    ("World Trade Organization", "World Trade Organisation", "WTO"),
    ("International Monetary Fund", "IMF"),
    ("UN Security Council", "Security Council"),
    ("UN General Assembly", "General Assembly"),
    ("Associated Press", "AP"),
    ("Agence France-Presse", "AFP"),
    ("al-Qaeda", "al-Qaida", "Al-Qaida", "Al-Qaeda", "Al Qaeda", "al Qaeda"),
    ("Hezbollah", "Hizbollah", "Hizbullah"),
    (
        "Islamic State",
        "ISIS",
        "ISIL",
        "IS",
        "Daesh",
        "Da'esh",
        "Islamic State of Iraq and the Levant",
        "Islamic State of Iraq and Levant",
        "Islamic State of Iraq and Syria",
        "Islamic State of Iraq and al-Sham",
    ),
    ("Church of Scientology", "Scientology"),
    ("Huffington Post", "HuffPost"),
    ("G7", "G-7", "Group of Seven"),
    ("G8", "G-8", "Group of Eight"),
    ("G20", "G-20", "Group of 20"),
)
"""Different names of one organisation, where initials do not tell."""
