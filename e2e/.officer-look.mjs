import { chromium } from 'playwright-core';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const base='http://127.0.0.1:8397';
const b = await chromium.launch({executablePath:'/usr/bin/chromium', args:['--no-sandbox']});
const out='/tmp/officer-private/shots/';
async function session(login,pw,lang){
  const c = await b.newContext({viewport:{width:1280,height:900}});
  const p = await c.newPage();
  p.on('dialog',d=>d.accept());
  await p.goto(base+'/sign-in');
  await p.fill('#login',login); await p.fill('#password',pw); await p.click('main form button'); await p.waitForLoadState();
  if(lang==='en'){ await p.click('.languages button[value=en]'); await p.waitForLoadState(); }
  return p;
}
async function look(p,name){
  for(const w of [360,1280]){
    await p.setViewportSize({width:w,height:900});
    for (const s of ['light','dark']) {
      await p.emulateMedia({colorScheme:s});
      if(!(await p.evaluate(()=>'axe' in globalThis))) await p.evaluate(AXE);
      const r = await p.evaluate(()=>axe.run(document,{runOnly:{type:'tag',values:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']}}));
      for(const v of r.violations) console.log(name,w,s,v.id,v.nodes.map(n=>n.target.join(' ')+' '+n.html.slice(0,120)).slice(0,3).join(' | '));
    }
    await p.emulateMedia({colorScheme:'light'});
    const wide = await p.evaluate(()=>document.documentElement.scrollWidth-document.documentElement.clientWidth);
    if(wide>0) console.log(name,w,'scrolls sideways by',wide);
    await p.screenshot({path:out+name+'-'+w+'.png',fullPage:true});
  }
  await p.setViewportSize({width:320,height:900});
  const wide = await p.evaluate(()=>document.documentElement.scrollWidth-document.documentElement.clientWidth);
  if(wide>0) console.log(name,320,'scrolls sideways by',wide);
}
const [lang] = process.argv.slice(2);
const o = await session('pengelola','timun-awan-telaga',lang);
await o.goto(base+'/campaigns'); await look(o,lang+'-campaigns');
const links = await o.locator('main article a').evaluateAll(a=>a.map(x=>x.getAttribute('href')));
console.log(links);
await o.goto(base+'/campaigns/new'); await look(o,lang+'-new');
for (let i=0;i<links.length;i++){ await o.goto(base+links[i]); await look(o,lang+'-campaign'+i); await o.goto(base+links[i]+'/results'); await look(o,lang+'-results'+i);}
await o.goto(base+links[0]+'/people'); await look(o,lang+'-people');
await o.goto(base+'/disputes'); await look(o,lang+'-disputes');
const d = await o.locator('main th a').first().getAttribute('href'); await o.goto(base+d); await look(o,lang+'-dispute');
const w = await session('penulis','laut-pasir-sungai',lang);
await w.goto(base+'/item-flags'); await look(w,lang+'-flags');
const f = await w.locator('main th a').evaluateAll(a=>a.map(x=>x.getAttribute('href')));
await w.goto(base+f[0]); await look(w,lang+'-flag');
await b.close();
