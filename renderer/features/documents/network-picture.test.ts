import { describe, expect, it } from 'vitest'
import { layerCategories } from '../../testing/categories'
import { placesOf } from '../designer/places'
import { routeEdges } from '../designer/edge-routes'
import { referenceNetwork } from '../../testing/samples'
import { drawNetwork, type NetworkPicture, type PictureColours } from './network-picture'

const colours: PictureColours = {
  ground: 'white',
  surface: 'white',
  line: 'gray',
  ink: 'black',
  faint: 'gray',
  weight: 'red',
  result: 'green',
  categories: layerCategories,
}

function picture(change: Partial<NetworkPicture> = {}): NetworkPicture {
  const document = referenceNetwork()
  const places = placesOf(document, 900, 640)
  const edges = document.layers.flatMap(({ id: to, inputs }) =>
    inputs.map((from, slot) => ({ id: `${from}>${to}:${slot}`, from, to, slot })),
  )
  const layers = document.layers.map(({ id }) => ({
    id,
    name: id,
    category: 'convolution' as const,
    params: '25 · 3×3',
    count: '250',
    shape: '26 × 26 × 25',
  }))
  return { title: document.name, layers, places, edges, routes: routeEdges(edges, places), ...change }
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
