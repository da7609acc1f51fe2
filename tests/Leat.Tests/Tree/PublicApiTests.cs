using Microsoft.CodeAnalysis;

namespace Leat.Tests.Tree;

public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Leat")]
    [InlineData("Leat.Console")]
    [InlineData("Leat.Postgres")]
    public void The_public_api_is_the_approved_one(string assembly) =>
        Approved.Text(
            PublicApi.Of(MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"))),
            $"PublicApi.{assembly}");

    [Fact]
    public void Everything_a_caller_can_see_is_told_and_nothing_else()
    {
        var library = Compiled.Library(("Sample.cs", """
            #nullable enable
            using System;
            using System.Collections.Generic;
            using System.Threading;
            using System.Threading.Tasks;

            namespace Mill;

            public enum Grain : byte { Wheat = 1, Rye = 2 }
            [Flags] public enum Sides { None = 0, Left = 1, Right = 2, Both = Left | Right }
            public delegate TOut Grind<in TIn, out TOut>(TIn grain, ref int count) where TIn : notnull;
            public readonly record struct SackId(int Value);
            public sealed record Sack(string Label, double? Weight = null) { public required string Owner { get; init; } }
            public interface IStone<out T> { T? Turn(CancellationToken cancellationToken = default); int Speed { get; } }
            public ref struct Hopper { public Span<byte> Bytes; }

            public abstract class Wheel<T> : IStone<T>, IDisposable where T : class, new()
            {
                public const int Spokes = 8;
                public static readonly string Name = "";
                internal Wheel() { }
                protected Wheel(string name, params int[] sizes) { }
                protected internal virtual T? Current { get; private protected set; }
                public event EventHandler<Sides>? Turned;
                public string? this[int index] { get => null; set { } }
                public abstract T? Turn(CancellationToken cancellationToken);
                int IStone<T>.Speed => 1;
                public (int Left, string? Right) Split(Dictionary<string, List<int?>>? map = null, string text = "a\n", Grain grain = Grain.Rye) => default;
                public void Dispose() { Turned?.Invoke(this, Sides.None); }
                public static implicit operator int(Wheel<T> wheel) => 0;
                public static Wheel<T> operator +(Wheel<T> one, in Wheel<T> other) => one;
                [Obsolete("Use Turn.")] public async Task<T?> TurnAsync() { await Task.Yield(); return null; }
                private void Hidden() { }
                public struct Spoke { public int Length; public readonly int Twice() => Length * 2; }
                private sealed class Secret;
            }

            public static class Pipes
            {
                extension<T>(IEnumerable<T> source) where T : notnull
                {
                    public IEnumerable<T> Then(Func<T, T>? step = null) => source;
                    public bool IsDry => true;
                    public static IEnumerable<T> operator |(IEnumerable<T> left, Func<T, T> right) => left;
                }

                extension(string)
                {
                    public static string Join(params ReadOnlySpan<string> parts) => "";
                }

                public static int Length(this string text) => text.Length;
            }

            internal sealed class Unseen { public int Value; }
            """));
        Approved.Text(PublicApi.Of(MetadataReference.CreateFromImage(library)));
    }
}
