using DeepSeek.Federated.Domain.Encoding;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>A digest is 32 bytes in every database.</summary>
internal sealed class DigestBytes() : ValueConverter<Digest, byte[]>(digest => digest.ToArray(), bytes => new Digest(bytes));
