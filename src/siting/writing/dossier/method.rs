//! How the numbers were made, with the formulas.

use super::Dossier;
use crate::geometry::scale::Metric;
use crate::layer::language::Language;
use crate::paper::markup;

pub fn section(dossier: &Dossier<'_>) -> String {
    let metres = match (dossier.answer.metric, dossier.language) {
        (Metric::Ellipsoid, Language::Fr) => METRES_FR,
        (Metric::Ellipsoid, Language::En) => METRES_EN,
        (Metric::Plane, Language::Fr) => PLANE_FR,
        (Metric::Plane, Language::En) => PLANE_EN,
    };
    format!(
        "<section class=\"method\">\n<h2>{}</h2>\n{}{metres}</section>\n<footer><p>{} {} · {} <code>{}</code></p></footer>\n",
        dossier.of("La méthode", "The method"),
        dossier.of(REQUIREMENTS_FR, REQUIREMENTS_EN).to_owned() + &score(dossier) + dossier.of(RANKS_FR, RANKS_EN),
        dossier.of("Composé par Emprise", "Made by Emprise"),
        markup::escape(dossier.answer.program),
        dossier.of("instantané", "snapshot"),
        markup::escape(&dossier.answer.snapshot)
    )
}

/// What the score is: a sum, or what the answer itself says of its method.
fn score(dossier: &Dossier<'_>) -> String {
    match &dossier.answer.ranking.note {
        None => dossier.of(ADDITIVE_FR, ADDITIVE_EN).to_owned(),
        Some(note) => format!("<h3>Score</h3>\n<p>{}</p>\n", markup::escape(dossier.of(&note.fr, &note.en))),
    }
}

const REQUIREMENTS_FR: &str = "\
<h3>Exigences</h3>
<p>Une exigence a trois issues : remplie, non remplie, indécidable. Un site passe s’il les remplit toutes. Un inconnu ne compte \
jamais comme rempli, ni comme zéro. Une mesure est <em>à la limite</em> quand elle est plus près du seuil que la précision des sources. \
Un critère d’un groupe est jugé pour lui-même ; c’est le groupe qui doit être rempli.</p>
";

const ADDITIVE_FR: &str = "\
<h3>Score</h3>
<p>Modèle additif de valeur : chaque critère <var>i</var> de poids <var>w<sub>i</sub></var> a une fonction de valeur <var>v<sub>i</sub></var>, \
droite entre ses points et constante au-delà, de 0 à 1.</p>
<p class=\"formula\"><var>c<sub>i</sub></var> = <var>w<sub>i</sub></var> / Σ<var>w</var> · <var>v<sub>i</sub></var>(<var>x<sub>i</sub></var>) \
&emsp; <var>S</var> = Σ <var>c<sub>i</sub></var></p>
<p>Les apports <var>c<sub>i</sub></var> sont des milliardièmes entiers : leur somme est le score, exactement. Ils sont imprimés au millième, arrondis \
de sorte que la colonne tombe juste. Un critère inconnu apporte 0 au score et jusqu’à sa part entière au haut de l’intervalle.</p>
";

const RANKS_FR: &str = "\
<h3>Rangs</h3>
<p>Par score décroissant ; à égalité, par couche puis par identifiant. Le meilleur rang possible est 1 plus le nombre de sites dont le score le plus bas \
dépasse le score le plus haut de celui-ci ; le pire, le nombre de sites dont le score le plus haut n’est pas sous son score le plus bas.</p>
";

const REQUIREMENTS_EN: &str = "\
<h3>Requirements</h3>
<p>A requirement has three outcomes: met, not met, undecidable. A site passes if it meets them all. An unknown never counts as met, \
nor as zero. A measure is <em>on the edge</em> when it is nearer to its threshold than the sources are precise. \
A criterion in a group is judged by itself; it is the group that must be met.</p>
";

const ADDITIVE_EN: &str = "\
<h3>Score</h3>
<p>Additive value model: each criterion <var>i</var> of weight <var>w<sub>i</sub></var> has a value function <var>v<sub>i</sub></var>, \
straight between its points and constant beyond them, from 0 to 1.</p>
<p class=\"formula\"><var>c<sub>i</sub></var> = <var>w<sub>i</sub></var> / Σ<var>w</var> · <var>v<sub>i</sub></var>(<var>x<sub>i</sub></var>) \
&emsp; <var>S</var> = Σ <var>c<sub>i</sub></var></p>
<p>The contributions <var>c<sub>i</sub></var> are whole billionths: their sum is the score, exactly. They are printed in thousandths, rounded so that \
the column adds up. An unknown criterion adds 0 to the score, and up to its whole share at the upper end of the interval.</p>
";

const RANKS_EN: &str = "\
<h3>Ranks</h3>
<p>By falling score; where equal, by layer, then by id. The best possible rank is 1 plus the number of sites whose lowest score is above this one’s \
highest; the worst is the number of sites whose highest score is not below its lowest.</p>
";

const METRES_FR: &str = "\
<h3>Mètres</h3>
<p>Distances de bord à bord, jamais depuis un centre, sauf critère qui le dit. Longueurs et surfaces sont celles de l’ellipsoïde GRS80 : \
la valeur dans la projection légale du territoire, corrigée de son échelle <var>k</var> au lieu mesuré.</p>
<p class=\"formula\"><var>d</var> = <var>d</var><sub>plan</sub> / <var>k</var> &emsp; <var>A</var> = <var>A</var><sub>plan</sub> / <var>k</var>²</p>
";

const METRES_EN: &str = "\
<h3>Metres</h3>
<p>Distances are edge to edge, never from a centre, unless a criterion says so. Lengths and areas are those of the GRS80 ellipsoid: \
the value in the territory’s legal projection, corrected by its scale <var>k</var> where it is measured.</p>
<p class=\"formula\"><var>d</var> = <var>d</var><sub>plane</sub> / <var>k</var> &emsp; <var>A</var> = <var>A</var><sub>plane</sub> / <var>k</var>²</p>
";

const PLANE_FR: &str = "\
<h3>Mètres</h3>
<p>Distances de bord à bord, jamais depuis un centre, sauf critère qui le dit. À la demande du cahier des charges, longueurs et surfaces sont celles \
du plan de la projection légale : elles s’écartent du terrain jusqu’à 3 ‰ en longueur, 6 ‰ en surface.</p>
";

const PLANE_EN: &str = "\
<h3>Metres</h3>
<p>Distances are edge to edge, never from a centre, unless a criterion says so. As the specification asks, lengths and areas are those of \
the plane of the legal projection: they differ from the ground by up to 3 ‰ in length, 6 ‰ in area.</p>
";
