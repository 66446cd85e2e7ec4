"""Names of people: a Roman numeral after one is read as an ordinal ("John Smith III", "Mehmed II")."""

from __future__ import annotations

from avsynth.text.english.reading import word_set

GIVEN_NAMES = word_set(
    "Aaron Adam Alan Albert Alex Alexander Alfred Andrew Anthony Arthur Barry Benjamin Bernard Bill Billy Bob Bobby "
    "Bradley Brian Bruce Bryan Carl Charles Chris Christopher Clarence Clark Clifford Craig Curtis Dale Daniel "
    "David Dennis Donald Douglas Earl Eddie Edgar Edward Edwin Elliott Eric Ernest Eugene Francis Frank Franklin "
    "Fred Frederick Gary Gene George Gerald Gilbert Glenn Gordon Gregory Guy Harold Harry Harvey Henry Herbert "
    "Herman Howard Hugh Ian Jack Jacob James Jason Jay Jeff Jeffrey Jerry Jesse Jim Jimmy Joe John Johnny Jonathan "
    "Joseph Joshua Justin Keith Kenneth Kevin Larry Lawrence Lee Leo Leon Leonard Leroy Lewis Lloyd Louis Luther "
    "Marcus Mark Martin Marvin Matthew Maurice Melvin Michael Mike Milton Morgan Nathan Nathaniel Nicholas Norman "
    "Oliver Oscar Patrick Paul Peter Philip Phillip Ralph Randy Raymond Richard Robert Roger Roland Ronald Roy "
    "Russell Samuel Scott Sean Sidney Stanley Stephen Steve Steven Stuart Ted Terry Theodore Thomas Timothy Todd "
    "Tom Tony Tyler Vernon Victor Vincent Walter Warren Wayne William Willie Winston Zachary Mr Dr Prof Sen Rep Gov "
    "Gen Capt Col Sir Judge Justice Senator"
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
