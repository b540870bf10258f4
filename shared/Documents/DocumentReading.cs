using System.Collections.Immutable;
using System.Text.Json;

namespace DeepSeek.Federated.Documents;

/// <summary>What came of reading a document that a person wrote.</summary>
public abstract record DocumentReading
{
    private DocumentReading() { }

    /// <summary>The document as strict JSON; whether its content is lawful is for its own reader to say.</summary>
    /// <param name="Root">The value; it lives as long as this record.</param>
    /// <param name="Canonical">Its canonical bytes (RFC 8785): what is hashed and signed.</param>
    public sealed record Read(JsonElement Root, ImmutableArray<byte> Canonical) : DocumentReading;

    /// <summary>No document, and where and why.</summary>
    /// <param name="Line">Line, from 1.</param>
    /// <param name="Column">Column, from 1.</param>
    /// <param name="Message">The cause and the mend, in words.</param>
    public sealed record Malformed(long Line, long Column, string Message) : DocumentReading
    {
        /// <summary>The place and the message, for people.</summary>
        public override string ToString() => $"line {Line}, column {Column}: {Message}";
    }
}
