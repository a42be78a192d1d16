"""Places that are no states: parts of the world, seas, well-known cities and regions, as facts."""

from __future__ import annotations

from typing import Final


def _names(lines: str) -> frozenset[str]:
    return frozenset(name.strip() for name in lines.replace("\n", ",").split(",") if name.strip())


PLACES: Final = _names("""
Africa, Asia, Europe, North America, South America, Latin America, Central America, Oceania
Antarctica
Middle East, Far East, Near East, Eastern Europe, Western Europe, Central Europe, Southeast Asia
South East Asia, South-East Asia, East Asia, South Asia, Central Asia, Northeast Asia, West Africa
East Africa, North Africa, Southern Africa, Sub-Saharan Africa, Horn of Africa, Sahel, Sahara
Maghreb
Levant, Balkans, Caucasus, Scandinavia, Caribbean, Mediterranean, Asia-Pacific, Indo-Pacific, Arctic
Antarctic, Pacific, Atlantic, Pacific Ocean, Atlantic Ocean, Indian Ocean, Arctic Ocean, Black Sea
Red Sea, Baltic Sea, North Sea, South China Sea, East China Sea, Sea of Japan, Caspian Sea, Dead Sea
Mediterranean Sea, Yellow Sea, Persian Gulf, Gulf of Mexico, Gulf of Aden, Strait of Hormuz
Gulf, Arabian Gulf, Arabian Sea, Arabian Peninsula, Bay of Bengal
Suez Canal
Panama Canal, English Channel, Bosphorus, Himalayas, Alps, Andes, Rockies, Pyrenees, Siberia
Korean Peninsula
Korean peninsula, Crimea, Donbas, Donbass, Kashmir, Punjab, Bengal, Sinai, Kurdistan, Catalonia
Bavaria
Scotland, England, Wales, Northern Ireland, Gaza, Gaza Strip, West Bank, Golan Heights, Hong Kong
Macau
Macao, Tibet, Xinjiang, Inner Mongolia, Manchuria, Chechnya, Dagestan, Abkhazia, South Ossetia
Transnistria
Nagorno-Karabakh, Darfur, Western Sahara, Puerto Rico, Guam, Bermuda, Gibraltar, Greenland
Falkland Islands
Okinawa, Hokkaido, Honshu, Kyushu, Shikoku, Sumatra, Java, Borneo, Bali, Aceh, Sulawesi, Mindanao
Luzon
Sicily, Sardinia, Corsica, Crete, Tuscany, Lombardy, Piedmont, Veneto, Normandy, Brittany, Provence
Andalusia, Galicia, Basque Country, Flanders, Wallonia, Saxony, Silesia, Transylvania, Bosnia
Bohemia
Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Hawaii
Idaho
Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan
Minnesota
Mississippi, Missouri, Montana, Nebraska, Nevada, New Hampshire, New Jersey, New Mexico, New York
North Carolina, North Dakota, Ohio, Oklahoma, Oregon, Pennsylvania, Rhode Island, South Carolina
South Dakota, Tennessee, Texas, Utah, Vermont, Virginia, West Virginia, Wisconsin, Wyoming
LA, L.A., NYC, D.C.
Washington State, Washington D.C., Washington DC, New England, Silicon Valley, Ontario, Quebec
British Columbia
Alberta, Manitoba, Saskatchewan, Nova Scotia, New Brunswick, Newfoundland, Yukon, Nunavut
New South Wales
Victoria, Queensland, South Australia, Western Australia, Tasmania, Northern Territory, Gujarat
Kerala
Maharashtra, Tamil Nadu, Karnataka, Rajasthan, Bihar, Assam, Uttar Pradesh, Sindh, Balochistan
Guangdong
Sichuan, Yunnan, Hunan, Hubei, Fujian, Zhejiang, Jiangsu, Shandong, Hainan, New Territories, Kowloon
Aberdeen, Acapulco, Adelaide, Aden, Agra, Ahmedabad, Aleppo, Alexandria, Almaty, Anchorage, Antwerp
Arlington, Atlanta, Auckland, Austin, Baltimore, Bangalore, Bengaluru, Barcelona, Basra, Bath
Belfast
Benghazi, Bergen, Bethlehem, Bilbao, Birmingham, Bologna, Bombay, Bordeaux, Boston, Bremen, Brighton
Brisbane, Bristol, Brooklyn, Bronx, Buffalo, Busan, Calais, Calcutta, Calgary, Cambridge, Camp David
Cannes, Cape Town, Cardiff, Casablanca, Charlotte, Chengdu, Chennai, Chernobyl, Chicago, Chongqing
Christchurch, Cincinnati, Cleveland, Cologne, Coventry, Dallas, Darwin, Davos, Denver, Detroit
Donetsk
Dortmund, Dover, Dresden, Dubai, Dundee, Dunedin, Durban, Düsseldorf, Edinburgh, Edmonton, Eindhoven
Essen, Fallujah, Florence, Frankfurt, Fukuoka, Fukushima, Galway, Gdansk, Geneva, Genoa, Glasgow
Gothenburg, Granada, Guadalajara, Guangzhou, Guantanamo, Guantanamo Bay, Guayaquil, Haifa, Halifax
Hamburg
Hamilton, Hannover, Hanover, Harbin, Hebron, Hiroshima, Ho Chi Minh City, Hobart, Hollywood, Homs
Honolulu, Houston, Hyderabad, Idlib, Incheon, Indianapolis, Innsbruck, Istanbul, Izmir, Jaffa
Jeddah
Jerusalem, Johannesburg, Kandahar, Kansas City, Karachi, Karbala, Kazan, Kharkiv, Kharkov, Kherson
Kobe
Kolkata, Krakow, Kyoto, Lagos, Lahore, Las Vegas, Leeds, Leicester, Leipzig, Lille, Lima, Linz
Liverpool
Long Beach, Los Angeles, Louisville, Lucknow, Luhansk, Lviv, Lyon, Malmö, Manchester, Manhattan
Mariupol
Marseille, Mecca, Medan, Medina, Melbourne, Memphis, Miami, Milan, Milwaukee, Minneapolis, Mombasa
Montreal, Mosul, Mumbai, Munich, Nagasaki, Nagoya, Najaf, Nanjing, Nantes, Naples, Nashville
Nazareth
New Orleans, New York City, Newark, Newcastle, Nice, Nizhny Novgorod, Nottingham, Nuremberg, Oakland
Odessa, Oklahoma City, Orlando, Osaka, Oxford, Palermo, Palm Beach, Palmyra, Peshawar, Perth
Philadelphia
Phoenix, Phuket, Pittsburgh, Plymouth, Portland, Porto, Portsmouth, Potsdam, Poznan, Pune
Quebec City
Queens, Rabaul, Raqqa, Rawalpindi, Recife, Reading, Rio de Janeiro, Rio, Rotterdam, Rostov
Sacramento
Salt Lake City, Salzburg, Samara, San Antonio, San Diego, San Francisco, San Juan, Santa Fe
Sao Paulo
São Paulo, Sapporo, Sarajevo, Seattle, Sendai, Seville, Shanghai, Sheffield, Shenzhen, Sheikhupura
Sochi
Southampton, Srebrenica, St. Louis, St. Petersburg, Saint Petersburg, Strasbourg, Stuttgart
Surabaya
Swansea, Sydney, Tampa, Tel Aviv, Thessaloniki, Tianjin, Tijuana, Timbuktu, Tikrit, Toronto
Toulouse
Trieste, Tucson, Turin, Ulsan, Utrecht, Valencia, Vancouver, Varanasi, Venice, Verona, Vladivostok
Volgograd, Wembley, Wimbledon, Winnipeg, Wuhan, Yangon, Rangoon, Yokohama, York, Zaporizhzhia
Zurich
Kabul, Baghdad, Islamabad, Karachi, Abidjan, Dar es Salaam, Kuala Lumpur, Ho Chi Minh, Capitol Hill
Brandenburg, Westminster, Downing Street, Wall Street, Times Square, Tahrir Square
Tiananmen Square, Red Square
Fleet Street, Broadway, Heathrow, Gatwick, Guantánamo Bay, Yongbyon, Panmunjom, Kaesong
Pyeongchang, Jeju
Korea, Ireland, World Trade Center, Ground Zero, Mount Everest, Everest, Nile, Danube, Rhine
Thames, Mekong
Amazon, Ganges, Euphrates, Tigris, Mississippi River, Yangtze, Volga, Euphrates River, Capitol
Moon, Mars
""")

HEADS: Final = frozenset(
    "river island islands isle isles sea ocean lake lakes mountain mountains mount hill hills"
    " valley"
    " peninsula bay gulf strait straits channel cape coast desert forest canal delta basin glacier"
    " province county city town village district territory territories prefecture region"
    " governorate"
    " oblast canton borough township municipality suburb"
    " airport stadium arena station harbour harbor port street road avenue boulevard lane square"
    " bridge tunnel highway motorway plaza park gardens beach castle palace cathedral mosque"
    " temple shrine tower towers hall airfield base camp prison jail dam heights ridge reef falls"
    " creek springs ranch zone strip border cemetery reservoir fairgrounds racecourse raceway"
    " speedway"
    " square crossing hotel resort villa memorial monument theatre theater mall quarter"
    " volcano shoal shoals reefs atoll shelf trench plateau plains lagoon fjord cove gorge canyon"
    " headland firth loch estuary inlet glen oasis dunes steppe crater hamlet commune quay wharf"
    " pier jetty docks lighthouse archipelago isthmus ravine waterfall marshes wetlands".split()
)
"""Last words of place names."""

FIRST: Final = frozenset(
    "mount mt lake cape fort ft port san santa sant santo são sao saint st los las el porto puerto"
    " villa"
    " rio río monte sankt ciudad bad kota nova novo novi novy nizhny veliky kuala tel wadi jebel"
    " jabal ras dar ust bandar isla île ile costa punta playa vila bahía bahia".split()
)
"""First words of place names; some begin names of people too."""

BEFORE: Final = frozenset(
    "in at near from to through around across toward towards outside inside via throughout off"
    " between beyond into within leaving leave left visit visits visited visiting reach reached"
    " entered enter entering southern northern eastern western central downtown north south east"
    " west northeast northwest southeast southwest".split()
)
"""Words before places; what stands behind them may yet be a person or a company."""

LOCATIVE: Final = frozenset("in at near outside inside around throughout across downtown".split())
"""Words that hardly have anything but a place behind them."""
