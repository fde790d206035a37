import { Markup } from './markup.ts';

/** Colours: ink on paper, one accent, three for verdicts. Text contrast is at least 4.5 in both schemes. */
const COLOURS = `
:root{color-scheme:light dark;--paper:#faf9f7;--card:#fff;--ink:#1b1e23;--soft:#565c66;--line:#e3dfd8;--faint:#f1eee9;
--accent:#28598a;--pass:#17694a;--fail:#ae2418;--warn:#7d5200;--passbg:#e7f3ec;--failbg:#fbeae8;--warnbg:#f8efdb;
--p50:#7ba3c9;--p95:#28598a;--p99:#7a2e6b;--bad:#c0392b;--shade:#1b1e2333}
@media screen and (prefers-color-scheme:dark){:root{--paper:#13151a;--card:#1a1d24;--ink:#e9e6e0;--soft:#a7adb8;--line:#2e323b;
--faint:#21252d;--accent:#8fbbe8;--pass:#7bd3a6;--fail:#ff9a8f;--warn:#ecbd6a;--passbg:#16291f;--failbg:#331a18;--warnbg:#2e2614;
--p50:#5f83a6;--p95:#9cc4ee;--p99:#e29fd2;--bad:#ff8273;--shade:#e9e6e033}}
`;

const PAGE = `
*{box-sizing:border-box}
html{font-size:clamp(15px,12.6px + .35vw,22px);-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);line-height:1.5;
font-family:ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
body,p,li,dd,.code{overflow-wrap:anywhere}td,th,td code,th code{overflow-wrap:break-word}
header,main,footer,nav{max-width:max(80rem,88vw);margin:0 auto;padding:0 clamp(1rem,3vw,2.5rem)}
header{padding-top:clamp(1rem,1.6vw,1.75rem)}
h1{font-size:.95rem;font-weight:600;margin:0;letter-spacing:.01em}
h2{font-size:1.35rem;line-height:1.25;font-weight:650;margin:0 0 .35rem;letter-spacing:-.01em}
h3{font-size:1rem;font-weight:650;margin:1.75rem 0 .4rem}
p{margin:.35rem 0 .75rem;max-width:68ch}
code,.code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.87em;unicode-bidi:isolate}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem .75rem;z-index:1}
.hear{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.quiet,.lead{color:var(--soft)}.lead{margin-bottom:1.1rem}
section{padding:clamp(1.75rem,4vw,3rem) 0 0;margin-top:clamp(1.5rem,3.5vw,2.5rem);border-top:1px solid var(--line)}
.compare main>section:first-child,.answer main>section:first-child{border-top:0;margin-top:0;padding-top:1.2rem}
section:target h2{text-decoration:underline;text-decoration-color:var(--accent);text-underline-offset:.3em}
footer{color:var(--soft);font-size:.85rem;padding-top:2rem;padding-bottom:3rem;margin-top:3rem}
`;

const FIRST_SCREEN = `
.facts{color:var(--soft);font-size:.9rem;margin:.15rem 0 0;max-width:none}
.verdict{margin:.8rem 0 0;padding:clamp(.8rem,1.4vw,1.1rem) clamp(1rem,2vw,1.5rem);border-radius:10px;border-left:.4rem solid;background:var(--card)}
.verdict p{margin:.2rem 0 0;font-size:1.05rem;max-width:105ch}.verdict .doubt{margin:.35rem 0;font-weight:650;color:var(--warn)}.verdict details{margin:.3rem 0 0}.verdict details p{font-size:.86rem}
.verdict .answer-line{font-size:clamp(1.1rem,1.6vw,1.3rem);line-height:1.35;font-weight:600;margin:.4rem 0 .2rem;letter-spacing:-.005em;max-width:90ch;text-wrap:pretty}
.verdict strong{display:block;font-size:clamp(1.6rem,2.6vw,2.1rem);line-height:1.1;letter-spacing:-.015em;font-weight:720}
.verdict ul{margin:.5rem 0 0;padding:0;list-style:none;font-size:.92rem}.verdict li{padding:.14rem 0}
.verdict .see{display:block;font-size:.86em;color:var(--soft)}.verdict .failed{display:flex;flex-wrap:wrap;gap:0 1.4rem;font-size:.86rem;color:var(--soft)}
.verdict .error{font-size:.62em;font-weight:600;letter-spacing:0;white-space:nowrap}
.open{background:var(--card);border-color:var(--soft)}
.pass{background:var(--passbg);border-color:var(--pass)}.pass strong{color:var(--pass)}
.fail{background:var(--failbg);border-color:var(--fail)}.fail strong{color:var(--fail)}
.warn{background:var(--warnbg);border-color:var(--warn)}.warn strong{color:var(--warn)}
.figures{display:flex;flex-wrap:wrap;margin:.8rem 0 0;padding:0;
background:var(--card);border:1px solid var(--line);border-radius:10px;overflow:hidden}
.figures div{flex:1 1 9rem;container-type:inline-size;padding:.6rem 1rem .65rem;box-shadow:0 0 0 1px var(--line)}
.figures dt{font-size:.82rem;color:var(--soft)}
.figures dd{margin:0}.figures span{display:block}.figures .value{white-space:nowrap;font-size:clamp(1rem,15.5cqi,1.5rem);line-height:1.25;font-weight:640;letter-spacing:-.015em}
.figures .detail{font-size:.8rem;color:var(--soft);line-height:1.35;margin-top:.15rem}
.attention .value{color:var(--fail)}.attention .value::after{content:" !";font-weight:760}
.one main{max-width:none;padding:0}header>figure{margin:1rem 0 0}header>figure.wide .plot{height:clamp(9rem,19cqw,17rem)}
.tested{display:flex;flex-wrap:wrap;gap:.15rem 1.6rem;margin:1.1rem 0 0;font-size:.88rem}.tested div{display:flex;gap:.45rem}.tested dt{color:var(--soft);flex:none}.tested dd{margin:0;min-width:0}
.kinds{list-style:none;margin:.3rem 0 0;padding:0;columns:20rem;column-gap:2.2rem;font-size:.9rem}
.kinds li{display:grid;grid-template-columns:minmax(0,1fr) 4.5rem max(3.4rem,var(--w));gap:.2rem .6rem;align-items:center;padding:.2rem 0;break-inside:avoid;border-bottom:1px solid var(--line)}
.kinds .what b{font-weight:650}.kinds .ok,.kinds .not{text-align:right}
.parts{display:flex;height:.55rem;gap:1px}.parts i,.legend i{display:block;height:100%}.legend i{width:1.1rem;height:.55rem}
i.good{background:var(--pass)}i.wrong{background:repeating-linear-gradient(135deg,var(--bad) 0 4px,var(--failbg) 4px 6px)}i.cut{background:var(--soft);opacity:.45}
.notes{margin:1rem 0 0;padding-left:1.1rem;color:var(--soft);font-size:.9rem}
nav ul{display:flex;flex-wrap:wrap;gap:.35rem 1.1rem;list-style:none;margin:1.4rem 0 0;padding:0;font-size:.9rem}
nav a{display:inline-block;padding:.15rem 0}
`;

const TABLES = `
.scroll{overflow-x:auto;margin:.6rem 0 1.1rem;border-radius:4px;container-type:inline-size;
background:linear-gradient(to right,var(--paper) 45%,transparent) 0 0,linear-gradient(to left,var(--paper) 45%,transparent) 100% 0,
linear-gradient(to right,var(--shade),transparent) 0 0,linear-gradient(to left,var(--shade),transparent) calc(100% - 2px) 0;
background-size:3rem 100%,3rem 100%,1rem 100%,1rem 100%;background-repeat:no-repeat;background-attachment:local,local,scroll,scroll}.paper{display:none}
#thresholds td code{white-space:nowrap}.range{display:block;font-size:.9em;color:var(--soft);font-weight:400}
caption span{display:inline-block;position:sticky;left:0;max-width:100cqi}
table{border-collapse:collapse;width:100%;font-size:.88rem;line-height:1.4}
caption{text-align:left;color:var(--soft);font-size:.85rem;padding:0 0 .4rem}
th,td{padding:.4rem .9rem .4rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:.25rem}
thead th{color:var(--soft);font-weight:550;font-size:.8rem;vertical-align:bottom;border-bottom:1px solid var(--soft)}
tbody th{font-weight:500;min-width:3.2rem}thead th{overflow-wrap:normal}thead .n{white-space:normal}#drift td:last-child{min-width:13rem}tbody th:has(>code){min-width:11rem}td.t:has(>.outcomes){min-width:15rem}.outcomes li{white-space:nowrap}
.n{text-align:right;white-space:nowrap}td.t{min-width:5.5rem}.answer td.t{min-width:6.3rem}
tbody tr:hover{background:var(--faint)}
.ok,.not,.none{font-weight:650;white-space:nowrap}.ok{color:var(--pass)}.not{color:var(--fail)}.none{color:var(--soft);font-weight:500}
.bar{display:block;height:.3rem;margin-top:.3rem;min-width:5rem;background:var(--faint)}.bar i{display:block;height:100%;background:var(--accent)}
.not+.bar i,.over i{background:var(--fail)}
ul.outcomes{display:flex;flex-wrap:wrap;gap:.15rem 1rem;list-style:none;margin:0;padding:0}
.outcomes b{font-weight:600}.problem{color:var(--fail)}
.pairs{columns:19rem;column-gap:2.5rem;margin:.4rem 0 1.2rem;font-size:.88rem}.pairs div{display:flex;gap:1rem;justify-content:space-between;
break-inside:avoid;border-bottom:1px solid var(--line);padding:.3rem 0}.pairs dt{flex:none;max-width:60%}.pairs dd{margin:0;text-align:right;min-width:0}
.whisker{display:block;width:min(9rem,30cqi);height:1.2rem}.whisker path{fill:none;stroke-width:2;stroke-linecap:round}.whisker .grid{stroke:var(--line);stroke-width:1.5}.whisker .spot{stroke-width:6}
.law{font-size:1.05rem;margin:.6rem 0 1rem;max-width:none}.law b{font-weight:650}.law .not,.verdict .not{white-space:normal}
details{margin:.5rem 0}summary{cursor:pointer;color:var(--accent);font-size:.9rem;padding:.2rem 0;width:fit-content;max-width:100%}
details>.scroll{max-height:24rem;overflow:auto}
.flow{border:1px solid var(--line);border-radius:8px;padding:.25rem .9rem;background:var(--card)}
.flow summary{color:var(--ink);width:auto}.flow summary .quiet{display:block;padding-left:1.1rem}
`;

const CHARTS = `
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1.25rem 2rem;margin:1rem 0}
figure{margin:0;min-width:0;container-type:inline-size}
figcaption{font-size:.9rem;font-weight:600;margin-bottom:.45rem}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-weight:400;color:var(--soft);font-size:.82rem}
.legend span{display:inline-flex;align-items:center;gap:.4rem}.legend svg{width:1.6rem;height:.7rem;flex:none}
.frame{display:grid;grid-template-columns:auto 1fr;margin-top:.75rem}
.bands{grid-column:2;position:relative;height:calc(var(--l)*1.2rem);font-size:.72rem;color:var(--soft)}
.bands i{position:absolute;bottom:0;height:100%;border-left:1px solid}.bands span{position:absolute;bottom:calc(var(--l)*1.2rem);padding:0 .2rem 0 .3rem;margin-left:1px;white-space:nowrap;background:var(--paper);line-height:1.2rem}
@container (max-width:60rem){.bands{height:calc(var(--m)*1.2rem)}.bands span{bottom:calc(var(--m)*1.2rem)}}
@container (max-width:30rem){.bands{height:calc(var(--s)*1.2rem)}.bands span{bottom:calc(var(--s)*1.2rem)}.no-s{display:none}}
@container (min-width:30.01rem) and (max-width:60rem){.no-m{display:none}}@container (min-width:60.01rem){.no-l{display:none}}
.bands .fault{color:var(--warn);font-weight:600}
.y{grid-column:1}.plot{grid-column:2}
.y{position:relative;width:4.2rem;font-size:.74rem;color:var(--soft)}
.y span{position:absolute;right:.5rem;transform:translateY(50%);white-space:nowrap}
.plot{position:relative;height:clamp(9rem,22cqw,15rem);border-bottom:1px solid var(--soft)}
.wide{grid-column:1/-1}.wide .plot{height:clamp(13rem,30cqw,26rem)}
.plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:hidden;display:block}
.x{grid-column:2;position:relative;height:1.35rem;font-size:.74rem;color:var(--soft)}
.x span{position:absolute;top:.2rem;transform:translateX(-50%);white-space:nowrap}.x .start{transform:none}
@container (max-width:30rem){.x span:nth-child(even){display:none}}
.plot path,.plot line,.legend path{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round;stroke-linecap:round;stroke-width:1.8}
.plot .grid{stroke:var(--line);stroke-width:1}.axis{grid-column:2;text-align:right;font-size:.72rem;color:var(--soft);line-height:1.2}
.plot .limit,.legend .limit{stroke:var(--fail);stroke-width:1.5;stroke-dasharray:7 4}
.s-p50{stroke:var(--p50);color:var(--p50)}.s-p95{stroke:var(--p95);color:var(--p95)}.s-p99{stroke:var(--p99);color:var(--p99)}
.s-ok{stroke:var(--pass);color:var(--pass)}.s-bad{stroke:var(--bad);color:var(--bad)}.s-plan{stroke:var(--soft);color:var(--soft)}
.dash{stroke-dasharray:5 4}.dots{stroke-dasharray:1 4}
.band{fill:var(--warn);fill-opacity:.16;stroke:none}.band.part{fill:var(--ink);fill-opacity:.035}.band.over{fill:var(--pass);fill-opacity:.14;stroke:var(--pass);stroke-width:1;stroke-dasharray:2 3;vector-effect:non-scaling-stroke}
.band.hole{fill:var(--ink);fill-opacity:.16;stroke:none}.legend .key{width:1.1rem;height:.7rem}.key.fault{background:color-mix(in srgb,var(--warn) 30%,var(--paper))}.key.hole{background:color-mix(in srgb,var(--ink) 16%,var(--paper))}.key.over{background:color-mix(in srgb,var(--pass) 18%,var(--paper));border:1px dashed var(--pass)}
i.point,i.dot{border-radius:50%;background:currentColor}i.point{position:absolute;width:.62rem;height:.62rem;margin:0 0 -.31rem -.31rem}i.s-bad{border-radius:0;transform:rotate(45deg) scale(.85)}i.s-plan{background:var(--paper);border:2px solid}
.legend i.dot{margin:0 .2rem;width:.55rem;height:.55rem}
.hit{fill:transparent;stroke:none}.hit:hover{fill:var(--ink);fill-opacity:.08}
.plot .heat{stroke:none;shape-rendering:crispEdges;fill:var(--p95)}
.steps{display:inline-flex;align-items:center;gap:.3rem}.steps i{width:1.1rem;height:.7rem;background:var(--p95);display:inline-block}
`;

const PRINT = `
@page{size:A4;margin:13mm 12mm}
@media print{
:root{--paper:#fff;--card:#fff}html{font-size:10.5pt}body{-webkit-print-color-adjust:exact;print-color-adjust:exact}
header,main,footer{max-width:none;padding:0}nav,.skip,.screen,details:not([open]),.hit{display:none}.paper{display:block}
.whole header{break-after:page}header .verdict{margin-top:.6rem;padding:.7rem 1rem}.verdict .see{display:none}.one footer{font-size:.7rem;margin:0;padding-top:.4rem}.verdict strong{font-size:1.7rem}.verdict .answer-line{font-size:1.1rem}
header>figure{margin-top:.9rem}header>figure.wide .plot{height:13rem}.tested{display:grid;gap:.1rem;margin-top:.8rem;font-size:.82rem}.tested dt{width:4rem}.notes{font-size:.82rem;margin-top:.7rem}
.figures{margin-top:.8rem}.figures div{flex-basis:29mm;padding:.5rem .6rem}.kinds{columns:2;font-size:.8rem}.kinds li{padding:.08rem 0}
section{padding-top:.9rem;margin-top:1.1rem}.whole main>section:first-child{border-top:0;margin-top:0;padding-top:0}
h2,h3,caption,figcaption,.lead,.law,.quiet{break-after:avoid}tr,figure,.verdict,.figures,.flow,figcaption,.pairs div{break-inside:avoid}thead{display:table-header-group}
thead tr,thead,tbody tr:first-child,tbody tr:nth-child(2){break-after:avoid}tbody tr:last-child,tbody tr:nth-last-child(2){break-before:avoid}p{break-inside:avoid}
.scroll,details .scroll{overflow:visible;max-height:none;background:none;container-type:normal}caption span{max-width:none}table{font-size:.74rem}th,td{padding-right:.55rem}td.t,td.t:has(>.outcomes),tbody th:has(>code){min-width:0}tbody th{min-width:5.6rem}#outcomes tbody th{min-width:0}
.whole .charts{display:block}.whole .charts figure{display:inline-block;width:49%;vertical-align:top;margin:.4rem 0}.whole .charts .wide{display:block;width:auto}.charts{grid-template-columns:1fr 1fr;gap:.9rem 1.2rem}.scroll:not(:has(tr:nth-child(9))){break-inside:avoid}.plot{height:7rem}.wide .plot{height:11rem}
footer{padding:.6rem 0 0;margin-top:.8rem}
html:has(.answer){font-size:8.8pt}.answer .charts{grid-template-columns:1fr 1fr 1fr;gap:.6rem}.answer .plot{height:6rem}.answer section{padding-top:.3rem;margin-top:.5rem}.answer th,.answer td{padding-top:.12rem;padding-bottom:.12rem}.answer footer{padding:.4rem 0 0;margin-top:.4rem}.answer .legend{display:none}.answer .wide .legend{display:flex}.answer section ul{font-size:.88rem;margin:.3rem 0}.answer td.t{min-width:0}
a{color:inherit;text-decoration:none}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media (forced-colors:active){.heat,.parts i,.legend i{forced-color-adjust:none}.bar i{forced-color-adjust:none}}
`;

/** The style sheet. The only markup not made by a template: it contains nothing from a record. */
export const STYLE_ELEMENT = new Markup(
  `<style>${[COLOURS, PAGE, FIRST_SCREEN, TABLES, CHARTS, PRINT].join('').replaceAll('\n', '')}</style>`,
);
