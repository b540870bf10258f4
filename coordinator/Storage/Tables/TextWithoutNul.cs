using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>PostgreSQL's text cannot hold U+0000. The leaf keeps it; in the tables beside it stands the character that says one was replaced, so that no
/// sentence of a person can stop the ledger.</summary>
internal sealed class TextWithoutNul() : ValueConverter<string, string>(text => text.Replace('\0', '\uFFFD'), text => text);
