using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.Lineage.Leaves;

/// <summary>Every event type of the domain with its name, its schema version and its JSON form. Built once at start-up; thread-safe.</summary>
/// <remarks>
/// The name is the record's in kebab-case, the version 1 unless the record says otherwise by <c>const int SchemaVersion</c>. The body has the
/// record's own parameters in camelCase: 64-bit integers, doubles and decimals as strings, digests in hex, instants as in
/// <see cref="LedgerTime"/>, durations in whole seconds as a string, enumerations in kebab-case, nothing for what is null. What is decoded must
/// be encoded to the same bytes again: one fact has one spelling. A frozen sample of each type stands in the tests.
/// </remarks>
public sealed class EventCatalog
{
    private readonly FrozenDictionary<Type, EventType> _byRecord;
    private readonly FrozenDictionary<(string Name, int Version), EventType> _byName;
    private readonly JsonSerializerOptions _form = EventForm.Options();

    /// <summary>Reads the domain's closed families.</summary>
    /// <exception cref="InvalidOperationException">Two records have one name: a mistake in the domain.</exception>
    public EventCatalog()
    {
        Types = [.. typeof(LedgerEvent).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(LedgerEvent)) && !type.IsAbstract)
            .Select(EventType.Of).OrderBy(type => type.Name, StringComparer.Ordinal)];
        if (Types.Zip(Types.Skip(1)).FirstOrDefault(pair => pair.First.Name == pair.Second.Name) is { First: not null } twice)
            throw new InvalidOperationException($"{twice.First.Record} and {twice.Second.Record} are both named '{twice.First.Name}'.");
        _byRecord = Types.ToFrozenDictionary(type => type.Record);
        _byName = Types.ToFrozenDictionary(type => (type.Name, type.Version));
    }

    /// <summary>All types, by name.</summary>
    public ImmutableArray<EventType> Types { get; }

    /// <summary>The type of an event.</summary>
    public EventType TypeOf(LedgerEvent happened) => _byRecord[happened.GetType()];

    /// <summary>The canonical JSON of an event's body.</summary>
    /// <exception cref="FormatException">A value has no JSON form: a number that is not finite, half a character.</exception>
    public byte[] Encode(LedgerEvent happened)
    {
        try
        {
            return CanonicalJson.Write(JsonSerializer.SerializeToElement(happened, happened.GetType(), _form));
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
            throw new FormatException($"The event '{TypeOf(happened).Name}' cannot be written: {broken.Message}", broken);
        }
    }

    /// <summary>The event of a body.</summary>
    /// <exception cref="UnknownEventException">No such type, or not in this version.</exception>
    /// <exception cref="FormatException">An unknown, missing or wrong field, or another spelling than the canonical one.</exception>
    public LedgerEvent Decode(string type, int version, ReadOnlyMemory<byte> body)
    {
        if (!_byName.TryGetValue((type, version), out var known)) throw new UnknownEventException(type, version);
        RefuseNull(type, body.Span);
        LedgerEvent happened;
        try
        {
            happened = (LedgerEvent?)JsonSerializer.Deserialize(body.Span, known.Record, _form) ?? throw new FormatException("An event is not null.");
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"The body is no '{type}': {broken.Message}", broken);
        }
        return Encode(happened).AsSpan().SequenceEqual(body.Span)
            ? happened
            : throw new FormatException($"The body of '{type}' is not written in its one canonical spelling.");
    }

    // What is null is left out; a null that stands there, inside an array too, is no lawful spelling.
    private static void RefuseNull(string type, ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 32 });
        try
        {
            while (reader.Read())
                if (reader.TokenType == JsonTokenType.Null) throw new FormatException($"The body of '{type}' has a null: what is absent is left out.");
        }
        catch (JsonException broken)
        {
            throw new FormatException($"The body of '{type}' is not JSON: {broken.Message}", broken);
        }
    }

    /// <summary>The leaf of an event.</summary>
    /// <exception cref="FormatException">As for <see cref="Encode"/> and <see cref="Leaf.Encode"/>.</exception>
    public Leaf ToLeaf(LedgerEvent happened, long sequence, DateTimeOffset at, string actor, PrivatePart? privatePart)
    {
        var type = TypeOf(happened);
        return new Leaf(happened.Stream, sequence, at, actor, type.Name, type.Version, [.. Encode(happened)], privatePart?.Commitment);
    }

    /// <summary>The event of a leaf.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="index">Its position in the ledger, from 0.</param>
    /// <exception cref="UnknownEventException">No such type, or not in this version.</exception>
    /// <exception cref="FormatException">As for <see cref="Decode"/>, or the leaf stands in a stream that is not its event's.</exception>
    public RecordedEvent FromLeaf(Leaf leaf, long index)
    {
        var happened = Decode(leaf.Type, leaf.Version, leaf.Body.AsMemory());
        return happened.Stream == leaf.Stream
            ? new RecordedEvent(index, leaf.Sequence, leaf.At, leaf.Actor, happened)
            : throw new FormatException($"The leaf stands in the stream '{leaf.Stream}', but its event belongs to '{happened.Stream}'.");
    }
}

/// <summary>One event type.</summary>
/// <param name="Name">Its name in leaves and on the wire, kebab-case.</param>
/// <param name="Version">Version of its schema, from 1.</param>
/// <param name="Record">The record of the domain.</param>
public sealed record EventType(string Name, int Version, Type Record)
{
    internal static EventType Of(Type record) =>
        new(JsonNamingPolicy.KebabCaseLower.ConvertName(record.Name), (int?)record.GetField("SchemaVersion")?.GetRawConstantValue() ?? 1, record);
}

/// <summary>A leaf of a type or version that this program does not know: it is newer than the program. Reported, never skipped.</summary>
public sealed class UnknownEventException(string type, int version)
    : FormatException($"The event type '{type}' in version {version} is not known here. It was written by newer software: update this program.");
