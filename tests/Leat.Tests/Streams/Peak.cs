using System.Text.Json.Serialization;

namespace Leat.Tests.Streams;

/// <summary>A value for tests of JSON.</summary>
internal sealed record Peak(string Name, int Size);

[JsonSerializable(typeof(Peak))]
internal sealed partial class PeakContext : JsonSerializerContext;

[JsonSerializable(typeof(int))]
internal sealed partial class NumberContext : JsonSerializerContext;
