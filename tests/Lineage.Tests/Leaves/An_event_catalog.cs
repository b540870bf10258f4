using System.Text;
using System.Text.Json.Nodes;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Leaves;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Lineage.Tests.Leaves;

public sealed class An_event_catalog
{
    private static readonly EventCatalog Catalog = new();

    // A golden line is `type version body`. A line is never edited: a changed event is a new schema version, and the old one stays readable.
    [Fact]
    public void writes_every_event_as_it_was_frozen()
    {
        var actual = EventSamples.All.Select(e => $"{Catalog.TypeOf(e).Name} {Catalog.TypeOf(e).Version} {Encoding.UTF8.GetString(Catalog.Encode(e))}").ToList();
        Assert.True(Golden().SequenceEqual(actual), "The form of an event has changed, or one is new. If it is new, append its line:\n" + string.Join('\n', actual.Except(Golden())));
    }

    [Fact]
    public void reads_every_frozen_event()
    {
        foreach (var line in Golden())
        {
            var parts = line.Split(' ', 3);
            var happened = Catalog.Decode(parts[0], int.Parse(parts[1], null), Encoding.UTF8.GetBytes(parts[2]));
            Assert.Equal(parts[2], Encoding.UTF8.GetString(Catalog.Encode(happened)));
        }
    }

    [Fact]
    public void has_a_frozen_sample_of_every_event_of_the_domain()
    {
        var frozen = Golden().Select(line => line.Split(' ')[0] + " " + line.Split(' ')[1]).ToHashSet();
        Assert.All(Catalog.Types, type => Assert.Contains($"{type.Name} {type.Version}", frozen));
        Assert.True(Catalog.Types.Length >= 22);
    }

    [Fact]
    public void refuses_a_body_with_any_field_missing_added_or_of_another_kind()
    {
        var refused = 0;
        foreach (var sample in EventSamples.All)
        {
            var type = Catalog.TypeOf(sample);
            foreach (var changed in Mutations(Catalog.Encode(sample)))
            {
                if (type.Name == "version-published" && (Lacks(changed, "parent") || Lacks(changed, "delta"))) continue; // these two may be absent
                Assert.Throws<FormatException>(() => Catalog.Decode(type.Name, type.Version, changed));
                refused++;
            }
        }
        Assert.True(refused > 500, $"only {refused} mutations were tried");
    }

    [Theory]
    [InlineData("""{"policy":"P","round":1,"signature":"s","site":"north","study":"heart-disease"} """)]
    [InlineData("""{"round":1,"policy":"P","signature":"s","site":"north","study":"heart-disease"}""")]
    [InlineData("""{"policy":"P","round":1,"round":1,"signature":"s","site":"north","study":"heart-disease"}""")]
    [InlineData("""{"Policy":"P","round":1,"signature":"s","site":"north","study":"heart-disease"}""")]
    [InlineData("""{"policy":"P","round":"1","signature":"s","site":"north","study":"heart-disease"}""")]
    [InlineData("""{"policy":"P","round":1.0,"signature":"s","site":"north","study":"heart-disease"}""")]
    [InlineData("""{"policy":"P","round":3000000000,"signature":"s","site":"north","study":"heart-disease"}""")]
    [InlineData("""{"policy":"P","round":1,"signature":"s","site":"North","study":"heart-disease"}""")]
    [InlineData("""{"policy":"p","round":1,"signature":"s","site":"north","study":"heart-disease"}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{")]
    public void refuses_another_spelling(string body) => Assert.Throws<FormatException>(() =>
        Catalog.Decode("site-consented", 1, Encoding.UTF8.GetBytes(body.Replace("\"P\"", $"\"{EventSamples.Of("p")}\"", StringComparison.Ordinal))));

    [Theory]
    [InlineData("range", "0.10")]
    [InlineData("range", "1E-1")]
    [InlineData("range", "NaN")]
    [InlineData("range", " 0.1")]
    [InlineData("protection", "Clear")]
    [InlineData("protection", "0")]
    [InlineData("protection", "clear, masked")]
    [InlineData("deadline", "2026-01-31T12:00:00Z")]
    [InlineData("deadline", "2026-01-31T13:00:00.1230000+01:00")]
    [InlineData("deadline", "2026-02-30T12:00:00.1230000Z")]
    public void refuses_another_spelling_of_a_value(string field, string value)
    {
        var opened = EventSamples.All.OfType<RoundOpened>().First();
        var body = JsonNode.Parse(Catalog.Encode(opened))!.AsObject();
        Assert.NotNull(body[field]);
        body[field] = value;
        Assert.Throws<FormatException>(() => Catalog.Decode("round-opened", 1, Canonical(body)));
    }

    [Fact]
    public void reports_an_unknown_type_or_version_and_never_skips_it()
    {
        var body = Catalog.Encode(EventSamples.All[0]);
        Assert.Contains("newer software", Assert.Throws<UnknownEventException>(() => Catalog.Decode("federation-dissolved", 1, body)).Message, StringComparison.Ordinal);
        Assert.Throws<UnknownEventException>(() => Catalog.Decode("federation-founded", 2, body));
    }

    [Fact]
    public void refuses_to_write_what_has_no_form()
    {
        var update = EventSamples.All.OfType<UpdateAccepted>().First();
        Assert.Throws<FormatException>(() => Catalog.Encode(update with { Figures = [update.Figures[0] with { Value = double.NaN }] }));
        Assert.Throws<FormatException>(() => Catalog.Encode(update with { Figures = [update.Figures[0] with { Figure = (Domain.Studies.Figure)99 }] }));
        Assert.Throws<FormatException>(() => Catalog.Encode(update with { Signature = "\ud800" }));
    }

    [Fact]
    public void ties_an_event_to_its_stream()
    {
        var leaf = Catalog.ToLeaf(EventSamples.All[0], 0, EventSamples.Noon, Actors.Coordinator, null);
        Assert.Equal(new RecordedEvent(7, 0, EventSamples.Noon, Actors.Coordinator, EventSamples.All[0]), Catalog.FromLeaf(Leaf.Decode(leaf.Encode()), 7));
        Assert.Throws<FormatException>(() => Catalog.FromLeaf(leaf with { Stream = "site/north" }, 0));
    }

    private static IEnumerable<byte[]> Mutations(byte[] body)
    {
        var names = JsonNode.Parse(body)!.AsObject().Select(m => m.Key).ToList();
        yield return Changed(body, o => o["more"] = "1");
        foreach (var name in names)
        {
            yield return Changed(body, o => o.Remove(name));
            foreach (var other in new JsonNode?[] { null, true, new JsonObject(), new JsonArray(new JsonObject()), new JsonArray((JsonNode?)null) })
                yield return Changed(body, o => o[name] = other?.DeepClone());
            if (JsonNode.Parse(body)![name] is not JsonArray) yield return Changed(body, o => o[name] = new JsonArray());
            if (JsonNode.Parse(body)![name]!.GetValueKind() is not System.Text.Json.JsonValueKind.Number) yield return Changed(body, o => o[name] = 5);
            else yield return Changed(body, o => o[name] = "5");
        }
    }

    private static byte[] Changed(byte[] body, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(body)!.AsObject();
        change(json);
        return Canonical(json);
    }

    private static byte[] Canonical(JsonObject json) => CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static bool Lacks(byte[] body, string name) => !JsonNode.Parse(body)!.AsObject().ContainsKey(name);

    private static List<string> Golden()
    {
        using var file = new StreamReader(typeof(An_event_catalog).Assembly.GetManifestResourceStream("events.golden.txt")!);
        return [.. file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
