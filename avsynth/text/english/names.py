"""Names of people: a Roman numeral after one is read as an ordinal ("John Smith III", "Mehmed II")."""

from __future__ import annotations

from avsynth.text.english.reading import word_set

GIVEN_NAMES = word_set(
    "Aaron Abraham Adam Al Alan Albert Alex Alexander Alfred Alonzo Alvin Amos Andre Andrew Anthony Antonio Archie "
    "Arthur Austin Barry Ben Benjamin Bernard Bert Bill Billy Blake Bob Bobby Brad Bradley Brandon Brendan Brent "
    "Brett Brian Bruce Bryan Burton Byron Cal Calvin Cameron Carl Carlton Cecil Cedric Chad Charles Chester Chris "
    "Christopher Chuck Clarence Clark Clayton Clifford Clint Clinton Clyde Cole Colin Conrad Cornelius Craig Curtis "
    "Cyrus Dale Damon Dan Daniel Darrell Darren Darryl Dave David Davis Dean Dennis Denzel Derek Desmond Dominic "
    "Don Donald Doug Douglas Drew Duane Dustin Dwayne Dwight Earl Ed Eddie Edgar Edmund Edward Edwin Eli Elijah "
    "Elliott Ellis Elmer Emmett Eric Ernest Ernie Ethan Eugene Evan Everett Felix Floyd Francis Frank Franklin Fred "
    "Frederick Gabriel Garrett Gary Gavin Gene Geoffrey George Gerald Gerard Gilbert Glenn Gordon Graham Greg "
    "Gregory Guy Hal Hank Harold Harry Harvey Hector Henry Herbert Herman Horace Howard Hugh Ian Ira Irving Isaac "
    "Isaiah Jack Jacob Jake Jamal James Jared Jason Jasper Jay Jeff Jeffrey Jeremy Jermaine Jerome Jerry Jesse Jim "
    "Jimmy Joe Joel John Johnny Jon Jonas Jonathan Jose Joseph Josh Joshua Juan Julian Julius Justin Keith Ken "
    "Kenneth Kenny Kevin Kurt Kyle Lance Larry Lawrence Lee Leo Leon Leonard Leroy Leslie Lester Lewis Liam Lionel "
    "Lloyd Logan Lorenzo Loudon Louis Lucas Luis Luke Luther Lyle Malcolm Manuel Marcus Mark Marlon Marshall Martin "
    "Marvin Mason Matt Matthew Maurice Maxwell Melvin Michael Mickey Miguel Mike Milton Mitchell Morgan Nat Nathan "
    "Nathaniel Ned Neil Nelson Nicholas Nick Noah Nolan Norman Odell Oliver Orlando Oscar Otis Owen Pat Patrick "
    "Paul Pedro Percy Pete Peter Philip Phillip Preston Quentin Quincy Ralph Ramon Randy Ray Raymond Reggie "
    "Reginald Reuben Ricardo Richard Rick Ricky Rob Robert Roderick Rodney Roger Roland Ron Ronald Ronnie Roy Ruben "
    "Rufus Russell Salvador Sam Sammy Samuel Scott Sean Sebastian Seth Shane Shawn Sheldon Sidney Simon Spencer "
    "Stanley Stephen Sterling Steve Steven Stuart Sylvester Ted Terrence Terry Theodore Thomas Thurston Tim Timothy "
    "Todd Tom Tommy Tony Travis Trent Trevor Trey Tyler Tyrone Ulysses Vernon Victor Vince Vincent Virgil Wade "
    "Walter Warren Wayne Wendell Wesley Wilbur Willard William Willie Winston Woodrow Zachary Mr Dr Prof Sen Rep "
    "Gov Gen Capt Col Sir Judge Justice Senator"
)
"""Given names, and the titles that stand in their place."""
FAMILY_NAMES = word_set(
    "Adams Allen Anderson Bailey Baker Barnes Bell Bennett Brooks Brown Bryant Butler Campbell Carter Clark Coleman "
    "Collins Cook Cooper Cox Davis Diaz Edwards Evans Fisher Flores Ford Foster Garcia Gates Gibson Gomez Gonzalez "
    "Gray Green Griffin Griffith Hall Hamilton Harris Harrison Hayes Henderson Hernandez Hill Howard Hughes Jackson "
    "Jenkins Johnson Jones Kelly Kennedy Lewis Long Lopez Martinez Miller Mitchell Moore Morgan Morris Murphy "
    "Murray Myers Nelson Ortiz Parker Patterson Perez Perry Peterson Phillips Powell Price Ramirez Reed Reynolds "
    "Richardson Rivera Roberts Robinson Rockefeller Rodriguez Rogers Roosevelt Ross Russell Sanchez Sanders Scott "
    "Simmons Smith Stewart Sullivan Taylor Thomas Thompson Torres Tucker Turner Vanderbilt Walker Wallace Ward "
    "Washington Watson White Williams Wilson Wood Wright Young"
)
"""Family names."""
RULERS = word_set(
    "Abdul Abdullah Adolf Adrian Afonso Akbar Alaric Alfonso Amadeus Amenemhat Amenhotep Anastasius Antiochus "
    "Antoninus Artaxerxes Ashurbanipal Attalus Augustus Baldwin Basil Bela Berenice Boleslaw Boniface Callixtus "
    "Canute Casimir Celestine Charlemagne Christina Cleopatra Conrad Constans Cosimo Cyrus Darius Demetrius Eric Erik "
    "Ernest Eugene Faisal Farouk Felipe Fernando Franz Fuad Godfrey Hadrian Hassan Honorius Humbert Hussein Isaac "
    "Isabella Jahangir Joanna Joao Joseph Justin Justinian Kamehameha Kamose Karl Ladislaus Leontius Lothair Ludwig "
    "Magnus Mahmud Manuel Maria Maximilian Mehmed Mehmet Michael Miguel Mithridates Mohammed Muhammad Murad Mustafa "
    "Nebuchadnezzar Nerva Nikolaus Oscar Osman Otto Pahlavi Paschal Pedro Pepi Pepin Perseus Philippe Ptolemy Rainier "
    "Rama Ranavalona Ranjit Robert Romanos Rupert Salmanazar Sancho Sargon Seleucus Selim Seti Shalmaneser Shapur "
    "Sigismund Sixtus Stanislaw Stephen Suleiman Sverre Sylvester Theodora Theodore Theodosius Thutmose Tiberius "
    "Tiglath Tupac Tutankhamun Umberto Valdemar Valentinian Vittorio Vladimir Vladislav Wenceslaus Willem Xerxes "
    "Yaroslav Zog"
)
"""Names of rulers; those that a numeral of a single sign may follow are in ``readings.roman``."""
