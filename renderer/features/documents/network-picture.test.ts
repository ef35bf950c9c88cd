import { describe, expect, it } from 'vitest'
import { layerCategories } from '../../testing/categories'
import { placesOf } from '../designer/places'
import { edgesOf, routeEdges } from '../designer/edge-routes'
import { referenceNetwork } from '../../testing/samples'
import { drawNetwork, type NetworkPicture, type PictureColours } from './network-picture'

const colours: PictureColours = {
  ground: 'white',
  surface: 'white',
  line: 'gray',
  ink: 'black',
  faint: 'gray',
  block: 'purple',
  weight: 'red',
  result: 'green',
  categories: layerCategories,
}

function picture(change: Partial<NetworkPicture> = {}): NetworkPicture {
  const document = referenceNetwork()
  const places = placesOf(document, 900, 640)
  const edges = edgesOf(document.layers)
  const layers = document.layers.map(({ id }) => ({
    id,
    name: id,
    category: 'convolution' as const,
    params: '25 · 3×3',
    count: '250',
    shape: '26 × 26 × 25',
  }))
  return { title: document.name, layers, places, edges, routes: routeEdges(edges, places), groups: [], ...change }
}

function parse(svg: string): Document {
  return new DOMParser().parseFromString(svg, 'image/svg+xml')
}

describe('drawNetwork', () => {
  it('draws every layer and every edge with its shape, inside of the picture', () => {
    const drawn = drawNetwork(picture(), colours)
    const root = parse(drawn.svg).documentElement
    const texts = [...root.querySelectorAll('text')].map((text) => text.textContent)
    for (const { id } of referenceNetwork().layers) expect(texts).toContain(id)
    expect(texts.filter((text) => text === '26 × 26 × 25')).toHaveLength(15)
    const [dx = 0, dy = 0] = /translate\((\S+) (\S+)\)/.exec(drawn.svg)?.slice(1).map(Number) ?? []
    for (const { x, y } of picture().places.values()) {
      expect(x + dx).toBeGreaterThanOrEqual(0)
      expect(x + dx + 164).toBeLessThanOrEqual(drawn.width)
      expect(y + dy).toBeGreaterThanOrEqual(0)
    }
  })

  it('frames blocks with their name, inside of the picture and around their layers', () => {
    const groups = [{ name: 'First block', times: '× 3', layers: ['input', 'conv1', 'bn1'] }]
    const { svg, width, height } = drawNetwork(picture({ groups }), colours)
    const root = parse(svg).documentElement
    const frame = root.querySelector('rect[stroke=purple]')
    const [x = 0, y = 0, across = 0, down = 0] = ['x', 'y', 'width', 'height'].map((name) =>
      Number(frame?.getAttribute(name)),
    )
    const [dx = 0, dy = 0] = /translate\((\S+) (\S+)\)/.exec(svg)?.slice(1).map(Number) ?? []
    expect(Math.min(x + dx, y + dy)).toBeGreaterThanOrEqual(0)
    expect(x + dx + across).toBeLessThanOrEqual(width)
    expect(y + dy + down).toBeLessThanOrEqual(height)
    for (const id of groups[0]!.layers) {
      const place = picture().places.get(id)!
      expect(place.x > x && place.x + 164 < x + across && place.y > y && place.y + 48 < y + down).toBe(true)
    }
    expect([...root.querySelectorAll('text')].map((text) => text.textContent)).toContain('First blo…  × 3')
  })

  it('takes any name as text, never as markup', () => {
    const title = '<script>alert("&")</script>'
    const { svg } = drawNetwork(picture({ title }), colours)
    expect(svg).not.toContain('<script')
    expect(parse(svg).querySelector('title')?.textContent).toBe(title)
  })

  it('cuts names that would leave their box, wide letters sooner', () => {
    const [first, second] = picture().layers
    const layers = [
      { ...first!, name: 'a very long name of a layer' },
      { ...second!, name: '一个名字非常非常长的卷积层' },
    ]
    const { svg } = drawNetwork(picture({ layers }), colours)
    expect(svg).toContain('a very long nam…')
    expect(svg).toContain('一个名字非常非…')
  })
})
