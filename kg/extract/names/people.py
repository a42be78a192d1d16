"""What people are called: given names, family names that stand first, what stands between and after."""

from __future__ import annotations

from typing import Final

MEN: Final = frozenset(
    "aaron abdul abdullah abraham adam adrian ahmad ahmed alan albert alberto alejandro"
    " aleksandr alessandro alex alexander alexei alfred ali allan allen alvin amir anders andre"
    " andrea andreas andrei andrew andy angelo angus anthony antonio antony archie arnold arthur"
    " barack barry bashar ben benedict benjamin bernard bernie bill billy bob bobby boris brad"
    " bradley brandon brendan brett brian bruce bruno calvin carl carlo carlos cesar chad charles"
    " charlie chris christian christoph christopher clarence claude clint clive colin connor"
    " craig cyril dale daniel dario darren dave david dean dennis derek desmond dick diego dieter"
    " dimitri dirk dmitri dmitry dominic don donald douglas duncan dwight earl ed eddie edgar"
    " edmund eduardo edward edwin emil emmanuel enrique eric erik ernest ernesto ernst eugene"
    " evan fabio felix ferdinand fernando fidel francis francisco francois franco frank franklin"
    " franz fred frederick frederic friedrich fritz gabriel gareth garry gary gavin geoff"
    " geoffrey george georges gerald gerard gerhard giovanni giuseppe glenn gordon graham grant"
    " greg gregory guillermo gustav guy hamid hans harold harry harvey hassan hector heinrich"
    " helmut henri henrik henry herbert herman hernan hosni howard hugh hugo hussein ian ibrahim"
    " igor ilya isaac ismail ivan jack jackie jacob jacques jaime jake james jamie jan jared"
    " jason javier jay jean jeff jeffrey jeremy jerome jerry jesse jim jimmy joachim joao joe"
    " joel johan johannes john johnny jon jonathan jordan jorge jose josef joseph josh joshua"
    " juan juan-carlos julian julio junior jurgen justin kamal karim karl keith ken kenneth kent"
    " kevin khaled khalid klaus kofi kurt kyle lance larry lars laurence laurent lawrence lee leo"
    " leon leonard leonardo leonid leroy leslie lewis liam lionel lloyd louis luca lucas luigi"
    " luis luke mahmoud malcolm manuel marc marcel marco marcos marcus mario mark markus marshall"
    " martin marvin massimo mathieu matt matteo matthew maurice mauricio max maxim mehmet mel"
    " michael michel miguel mikael mike mikhail milan milos mitch mitchell mohamed mohammad"
    " mohammed moshe muammar muhammad murray mustafa mustapha nabil narendra nathan nathaniel"
    " neil nelson nicholas nick nicolas nicolae nigel nikita nikolai nils noah noel norman oleg"
    " oliver olivier omar oscar osama osman otto owen pablo paolo pascal patrick paul pavel pedro"
    " per percy pervez peter phil philip philippe phillip pierre pietro qasem rafael rahul raj"
    " rajiv ralph ramon ramzan randy rashid raul ray raymond recep reginald rene ricardo richard"
    " rick ricky rob robert roberto robin rodney rodrigo roger roland rolf roman romelu ron"
    " ronald ronnie rory ross roy rudolf rudy rupert russell ryan saad saddam salem salman"
    " salvador sam samir samuel sanjay scott sean sebastian serge sergei sergey sergio seth shane"
    " shaun shinzo shimon sidney silvio simon spencer stan stanley stefan stephane stephen steve"
    " steven stewart stuart suleiman sven syed taro tariq ted terence terry theodore theo thierry"
    " thomas tim timothy tobias todd tom tomas tommy tony travis trevor tyler ulrich uwe vaclav"
    " valery viktor victor vince vincent vincenzo vitaly vladimir vyacheslav wade walter warren"
    " wayne werner wesley wilfred wilhelm will william willie wilson winston wolfgang xavier"
    " yasser yitzhak yoshihide yuri yusuf zachary zine".split()
)

WOMEN: Final = frozenset(
    "abigail ada adele agnes aisha alexandra alexis alice alicia alison allison amal amanda"
    " amber amelia amy ana anastasia andrea angela angelina anita ann anna anne annette annie"
    " antonia audrey aung barbara beatrice becky bella benazir bernadette beth betty beverly"
    " bonnie brenda bridget brigitte brittany camilla carla carmen carol carole carolina caroline"
    " carolyn catherine cathy cecilia celia charlotte chelsea cheryl chloe christina christine"
    " cindy claire clara claudia colette condoleezza connie cynthia daisy dana danielle dawn"
    " debbie deborah denise diana diane dilma donna dora doris dorothy edith eileen elaine"
    " eleanor elena elisabeth elizabeth ella ellen elsa emily emma erica erika erin esther ethel"
    " eva eve evelyn fatima federica fiona florence frances gail georgia georgina geraldine"
    " gertrude gina gisela giulia gloria golda grace greta gwen hannah harriet hazel heather"
    " heidi helen helena helene hilary hillary holly ida imelda indira ines ingrid irene irina"
    " iris isabel isabella ivanka jacinda jackie jacqueline jane janet janice jasmine jean jeanne"
    " jennifer jenny jessica jill joan joanna joanne jocelyn josephine joy joyce juanita judith"
    " judy julia juliana julie june karen karin kate katharina katharine katherine kathleen"
    " kathryn kathy katie katrin kay kelly kerry kim kirsten kristin laila lara laura lauren"
    " leila lena leslie leticia lillian lily linda lisa liz louise lucia lucy luisa lydia lynn"
    " madeleine madeline maggie malala manuela marcia margaret margarita marge maria mariam"
    " marian marianne marie marilyn marina marion marjorie marlene marta martha mary maryam"
    " matilda maud maureen maya megan melania melanie melinda melissa mercedes mia michaela"
    " michele michelle mildred miranda miriam moira molly mona monica monika muriel nadia nancy"
    " naomi natalia natalie natasha nicola nicole nina nora norma olga olivia pamela patricia"
    " paula pauline peggy penelope penny petra phyllis priscilla rachel rebecca regina renee rita"
    " roberta rosa rosalind rose rosemary roxanne ruth sabina sabrina sally samantha sandra sara"
    " sarah sasha serena sharon sheila sheikha shirley sigrid silvia simone sofia sonia sonja"
    " sophia sophie stella stephanie stefania sue susan susanna susanne suu svetlana sylvia"
    " tamara tania tanya tara tatiana teresa theresa tina tracy ursula valentina valerie vanessa"
    " vera veronica victoria viola violet virginia vivian wanda wendy whitney winifred yasmin"
    " yoko yolanda yulia yvette yvonne zainab zara zoe".split()
)

FAMILY_FIRST: Final = frozenset(
    "kim park lee choi jung jeong kang cho yoon yun jang lim han shin seo kwon hwang ahn song"
    " yoo yu hong moon ban roh no ri pak chung xi li wang zhang liu chen yang zhao huang zhou wu"
    " xu sun hu zhu gao lin he guo ma luo liang song zheng xie tang deng mao jiang wen bo peng"
    " zeng cao fang tsai ma chu chan cheung wong leung lam ho ng kwok yeung lau cheng tsang tung"
    " yip fung ip tse lai yau wan hui chow kwong nguyen tran le pham vo bui ngo dinh phan hoang"
    " aung thein min".split()
)
"""Family names that stand before the given names."""

PARTICLES: Final = frozenset(
    "de da do dos das di del della dela du des la le van von der den ter ten zu zum zur bin bint"
    " ibn ben al az ar ez el ul ud abu y e af av op vander dei degli san st".split()
)
"""What may stand within a person's name in small letters."""

AFTER: Final = frozenset(
    {"jr", "sr", "ii", "iii", "iv", "vi", "vii", "viii", "xi", "xii", "xvi", "xxiii"}
)
"""What may follow a person's name."""
