"""The states of the world: their names in English, their capitals, and what their people are called.

A state, its government and its country are one thing. Facts only, written for this table: the
members and observers of the United Nations, and what else has a government of its own and stands
in the news.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class State(NamedTuple):
    """A state by its usual name; `names` has that first, `people` are its adjectives and demonyms."""

    names: tuple[str, ...]
    capitals: tuple[str, ...]
    people: tuple[str, ...]


def _table(lines: str) -> tuple[State, ...]:
    rows = (line.split("|") for line in lines.strip().splitlines())
    return tuple(State(*(tuple(filter(None, part.split(","))) for part in row)) for row in rows)


STATES: Final = _table("""
Afghanistan|Kabul|Afghan,Afghans
Albania|Tirana|Albanian,Albanians
Algeria|Algiers|Algerian,Algerians
Andorra|Andorra la Vella|Andorran,Andorrans
Angola|Luanda|Angolan,Angolans
Antigua and Barbuda|St. John's|Antiguan,Antiguans
Argentina|Buenos Aires|Argentine,Argentines,Argentinian,Argentinians,Argentinean
Armenia|Yerevan|Armenian,Armenians
Australia|Canberra|Australian,Australians
Austria|Vienna|Austrian,Austrians
Azerbaijan|Baku|Azerbaijani,Azerbaijanis,Azeri,Azeris
Bahamas,The Bahamas|Nassau|Bahamian,Bahamians
Bahrain|Manama|Bahraini,Bahrainis
Bangladesh|Dhaka|Bangladeshi,Bangladeshis
Barbados|Bridgetown|Barbadian,Barbadians
Belarus|Minsk|Belarusian,Belarusians,Belarussian
Belgium|Brussels|Belgian,Belgians
Belize|Belmopan|Belizean,Belizeans
Benin|Porto-Novo|Beninese
Bhutan|Thimphu|Bhutanese
Bolivia|La Paz,Sucre|Bolivian,Bolivians
Bosnia and Herzegovina,Bosnia,Bosnia-Herzegovina|Sarajevo|Bosnian,Bosnians
Botswana|Gaborone|Botswanan,Motswana
Brazil|Brasilia,Brasília|Brazilian,Brazilians
Brunei|Bandar Seri Begawan|Bruneian,Bruneians
Bulgaria|Sofia|Bulgarian,Bulgarians
Burkina Faso|Ouagadougou|Burkinabe,Burkinabé
Burundi|Gitega,Bujumbura|Burundian,Burundians
Cambodia|Phnom Penh|Cambodian,Cambodians
Cameroon|Yaoundé,Yaounde|Cameroonian,Cameroonians
Canada|Ottawa|Canadian,Canadians
Cape Verde,Cabo Verde|Praia|Cape Verdean
Central African Republic|Bangui|
Chad|N'Djamena|Chadian,Chadians
Chile|Santiago|Chilean,Chileans
China,People's Republic of China,PRC,Mainland China,mainland China|Beijing,Peking|Chinese
Colombia|Bogotá,Bogota|Colombian,Colombians
Comoros|Moroni|Comorian
Democratic Republic of the Congo,Democratic Republic of Congo,DR Congo,DRC|Kinshasa|Congolese
Republic of the Congo,Republic of Congo,Congo-Brazzaville|Brazzaville|
Cook Islands|Avarua|
Costa Rica|San José,San Jose|Costa Rican,Costa Ricans
Croatia|Zagreb|Croatian,Croatians,Croat,Croats
Cuba|Havana|Cuban,Cubans
Cyprus|Nicosia|Cypriot,Cypriots
Czech Republic,Czechia|Prague|Czech,Czechs
Denmark|Copenhagen|Danish,Dane,Danes
Djibouti||Djiboutian
Dominica|Roseau|
Dominican Republic|Santo Domingo|Dominican,Dominicans
Timor-Leste,East Timor|Dili|Timorese
Ecuador|Quito|Ecuadorian,Ecuadorians,Ecuadorean
Egypt|Cairo|Egyptian,Egyptians
El Salvador|San Salvador|Salvadoran,Salvadorans
Equatorial Guinea|Malabo|Equatoguinean
Eritrea|Asmara|Eritrean,Eritreans
Estonia|Tallinn|Estonian,Estonians
Eswatini,Swaziland|Mbabane|Swazi,Swazis
Ethiopia|Addis Ababa|Ethiopian,Ethiopians
Fiji|Suva|Fijian,Fijians
Finland|Helsinki|Finnish,Finn,Finns
France|Paris|French,Frenchman,Frenchmen,Frenchwoman
Gabon|Libreville|Gabonese
Gambia,The Gambia|Banjul|Gambian,Gambians
Georgia|Tbilisi|Georgian,Georgians
Germany|Berlin|German,Germans
Ghana|Accra|Ghanaian,Ghanaians
Greece|Athens|Greek,Greeks
Grenada|St. George's|Grenadian
Guatemala|Guatemala City|Guatemalan,Guatemalans
Guinea|Conakry|Guinean,Guineans
Guinea-Bissau|Bissau|
Guyana|Georgetown|Guyanese
Haiti|Port-au-Prince|Haitian,Haitians
Holy See,Vatican,Vatican City||
Honduras|Tegucigalpa|Honduran,Hondurans
Hungary|Budapest|Hungarian,Hungarians
Iceland|Reykjavik,Reykjavík|Icelandic,Icelander,Icelanders
India|New Delhi,Delhi|Indian,Indians
Indonesia|Jakarta|Indonesian,Indonesians
Iran,Islamic Republic of Iran|Tehran,Teheran|Iranian,Iranians
Iraq|Baghdad|Iraqi,Iraqis
Ireland,Republic of Ireland|Dublin|Irish,Irishman,Irishmen
Israel|Jerusalem,Tel Aviv|Israeli,Israelis
Italy|Rome|Italian,Italians
Ivory Coast,Côte d'Ivoire,Cote d'Ivoire|Yamoussoukro,Abidjan|Ivorian,Ivorians
Jamaica||Jamaican,Jamaicans
Japan|Tokyo|Japanese
Jordan|Amman|Jordanian,Jordanians
Kazakhstan|Astana,Nur-Sultan|Kazakh,Kazakhs,Kazakhstani
Kenya|Nairobi|Kenyan,Kenyans
Kiribati|Tarawa|
Kosovo|Pristina|Kosovar,Kosovars,Kosovan
Kuwait|Kuwait City|Kuwaiti,Kuwaitis
Kyrgyzstan|Bishkek|Kyrgyz
Laos|Vientiane|Laotian,Laotians,Lao
Latvia|Riga|Latvian,Latvians
Lebanon|Beirut|Lebanese
Lesotho|Maseru|Basotho
Liberia|Monrovia|Liberian,Liberians
Libya|Tripoli|Libyan,Libyans
Liechtenstein|Vaduz|
Lithuania|Vilnius|Lithuanian,Lithuanians
Luxembourg||Luxembourgish
Madagascar|Antananarivo|Malagasy
Malawi|Lilongwe|Malawian,Malawians
Malaysia|Kuala Lumpur|Malaysian,Malaysians
Maldives|Malé|Maldivian,Maldivians
Mali|Bamako|Malian,Malians
Malta|Valletta|Maltese
Marshall Islands|Majuro|Marshallese
Mauritania|Nouakchott|Mauritanian,Mauritanians
Mauritius|Port Louis|Mauritian,Mauritians
Mexico|Mexico City|Mexican,Mexicans
Micronesia|Palikir|Micronesian
Moldova|Chisinau,Chișinău|Moldovan,Moldovans
Monaco||Monegasque
Mongolia|Ulaanbaatar,Ulan Bator|Mongolian,Mongolians
Montenegro|Podgorica|Montenegrin,Montenegrins
Morocco|Rabat|Moroccan,Moroccans
Mozambique|Maputo|Mozambican,Mozambicans
Myanmar,Burma|Naypyidaw,Naypyitaw|Burmese
Namibia|Windhoek|Namibian,Namibians
Nauru||Nauruan
Nepal|Kathmandu|Nepali,Nepalis,Nepalese
Netherlands,Holland|Amsterdam,The Hague|Dutch,Dutchman
New Zealand,NZ|Wellington|New Zealander,New Zealanders,Kiwi,Kiwis
Nicaragua|Managua|Nicaraguan,Nicaraguans
Niger|Niamey|Nigerien
Nigeria|Abuja|Nigerian,Nigerians
North Korea,DPRK,Democratic People's Republic of Korea|Pyongyang|North Korean,North Koreans
North Macedonia,Macedonia|Skopje|Macedonian,Macedonians
Norway|Oslo|Norwegian,Norwegians
Oman|Muscat|Omani,Omanis
Pakistan|Islamabad|Pakistani,Pakistanis
Palau|Ngerulmud|Palauan
Palestine,State of Palestine|Ramallah|Palestinian,Palestinians
Panama|Panama City|Panamanian,Panamanians
Papua New Guinea|Port Moresby|
Paraguay|Asunción,Asuncion|Paraguayan,Paraguayans
Peru|Lima|Peruvian,Peruvians
Philippines|Manila|Philippine,Filipino,Filipinos,Filipina
Poland|Warsaw|Polish,Pole,Poles
Portugal|Lisbon|Portuguese
Qatar|Doha|Qatari,Qataris
Romania|Bucharest|Romanian,Romanians
Russia,Russian Federation,Kremlin|Moscow|Russian,Russians
Soviet Union,USSR,U.S.S.R.||Soviet,Soviets
East Germany||East German,East Germans
West Germany||West German,West Germans
Yugoslavia||Yugoslav,Yugoslavs
Czechoslovakia||Czechoslovak,Czechoslovaks
North Vietnam||
South Vietnam||
Congo||
Rwanda|Kigali|Rwandan,Rwandans
St. Kitts and Nevis,Saint Kitts and Nevis|Basseterre|
St. Lucia,Saint Lucia|Castries|
St. Vincent and the Grenadines,Saint Vincent and the Grenadines|Kingstown|
Samoa|Apia|Samoan,Samoans
San Marino||Sammarinese
Sao Tome and Principe,São Tomé and Príncipe||
Saudi Arabia|Riyadh|Saudi,Saudis,Saudi Arabian
Senegal|Dakar|Senegalese
Serbia|Belgrade|Serbian,Serbians,Serb,Serbs
Seychelles||Seychellois
Sierra Leone|Freetown|Sierra Leonean,Sierra Leoneans
Singapore||Singaporean,Singaporeans
Slovakia|Bratislava|Slovak,Slovaks,Slovakian
Slovenia|Ljubljana|Slovenian,Slovenians,Slovene,Slovenes
Solomon Islands|Honiara|
Somalia|Mogadishu|Somali,Somalis
Somaliland|Hargeisa|
South Africa|Pretoria|South African,South Africans
South Korea,Republic of Korea,ROK,Korea Republic|Seoul|South Korean,South Koreans,Korean,Koreans
South Sudan|Juba|South Sudanese
Spain|Madrid|Spanish,Spaniard,Spaniards
Sri Lanka|Colombo|Sri Lankan,Sri Lankans
Sudan|Khartoum|Sudanese
Suriname|Paramaribo|Surinamese
Sweden|Stockholm|Swedish,Swede,Swedes
Switzerland|Bern,Berne|Swiss
Syria|Damascus|Syrian,Syrians
Taiwan,Republic of China|Taipei|Taiwanese
Tajikistan|Dushanbe|Tajik,Tajiks
Tanzania|Dodoma,Dar es Salaam|Tanzanian,Tanzanians
Thailand|Bangkok|Thai,Thais
Togo|Lomé|Togolese
Tonga||Tongan,Tongans
Trinidad and Tobago|Port of Spain|Trinidadian
Tunisia|Tunis|Tunisian,Tunisians
Turkey,Türkiye|Ankara|Turkish,Turk,Turks
Turkmenistan|Ashgabat|Turkmen
Tuvalu||Tuvaluan
Uganda|Kampala|Ugandan,Ugandans
Ukraine|Kyiv,Kiev|Ukrainian,Ukrainians
United Arab Emirates,UAE|Abu Dhabi|Emirati,Emiratis
United Kingdom,UK,U.K.,Britain,Great Britain|London|British,Briton,Britons
United States,United States of America,US,U.S.,USA,U.S.A.,America|Washington|American,Americans
Uruguay|Montevideo|Uruguayan,Uruguayans
Uzbekistan|Tashkent|Uzbek,Uzbeks
Vanuatu|Port Vila|
Venezuela|Caracas|Venezuelan,Venezuelans
Vietnam,Viet Nam|Hanoi|Vietnamese
Yemen|Sanaa,Sana'a|Yemeni,Yemenis
Zambia|Lusaka|Zambian,Zambians
Zimbabwe|Harare|Zimbabwean,Zimbabweans
""")

OTHER_PEOPLES: Final = frozenset(
    "african africans asian asians european europeans arab arabs arabic latin latino latinos"
    " hispanic"
    " english englishman englishmen scottish scot scots welsh catalan catalans basque basques kurd"
    " kurds kurdish tibetan tibetans uyghur uyghurs uighur uighurs hong-konger hongkonger chechen"
    " chechens jewish jew jews muslim muslims islamic islamist islamists christian christians hindu"
    " hindus sikh sikhs buddhist buddhists catholic catholics protestant protestants orthodox sunni"
    " sunnis shia shias shiite shiites anglican anglicans mormon mormons hebrew mandarin cantonese"
    " persian pashtun pashtuns roma gypsy slavic nordic scandinavian baltic balkan caribbean"
    " mediterranean"
    " western northern southern eastern central westerner westerners transatlantic eurasian sino"
    " anglo"
    " indo franco israeli-palestinian afro-american african-american african-americans"
    " korean-american"
    " republican republicans democrat democrats democratic conservative conservatives liberal"
    " liberals"
    " labour tory tories marxist marxists communist communists maoist maoists zionist zionists"
    " nazi nazis"
    " californian texan londoner londoners parisian muscovite new-yorker bavarian sicilian"
    " siberian crimean"
    " gazan bengali punjabi tamil tamils urdu hindi farsi swahili gaelic".split()
)
"""Peoples, faiths, creeds and languages that are not of one state; none of them names anybody."""
