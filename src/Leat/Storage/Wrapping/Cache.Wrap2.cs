using System.Runtime.CompilerServices;
using Leat.Storage;

namespace Leat;

/// <content>Functions of two arguments.</content>
public sealed partial class Cache
{
    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    public Func<T1, T2, TOut> Wrap<T1, T2, TOut>(Func<T1, T2, TOut> function, string? name = null) =>
        new Wrapped<T1, T2, TOut>(this, function, FunctionName.Of(function, name), (first, second, _) => new ValueTask<TOut>(function(first, second))).Call;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    public Func<T1, T2, CancellationToken, TOut> Wrap<T1, T2, TOut>(Func<T1, T2, CancellationToken, TOut> function, string? name = null) =>
        new Wrapped<T1, T2, TOut>(this, function, FunctionName.Of(function, name), (first, second, token) => new ValueTask<TOut>(function(first, second, token))).CallCancellable;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(2)]
    public Func<T1, T2, Task<TOut>> Wrap<T1, T2, TOut>(Func<T1, T2, Task<TOut>> function, string? name = null) =>
        new Wrapped<T1, T2, TOut>(this, function, FunctionName.Of(function, name), (first, second, _) => new ValueTask<TOut>(function(first, second))).CallTaskAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(2)]
    public Func<T1, T2, CancellationToken, Task<TOut>> Wrap<T1, T2, TOut>(Func<T1, T2, CancellationToken, Task<TOut>> function, string? name = null) =>
        new Wrapped<T1, T2, TOut>(this, function, FunctionName.Of(function, name), (first, second, token) => new ValueTask<TOut>(function(first, second, token))).CallCancellableTaskAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(1)]
    public Func<T1, T2, ValueTask<TOut>> Wrap<T1, T2, TOut>(Func<T1, T2, ValueTask<TOut>> function, string? name = null) =>
        new Wrapped<T1, T2, TOut>(this, function, FunctionName.Of(function, name), (first, second, _) => function(first, second)).CallAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(1)]
    public Func<T1, T2, CancellationToken, ValueTask<TOut>> Wrap<T1, T2, TOut>(Func<T1, T2, CancellationToken, ValueTask<TOut>> function, string? name = null) =>
        new Wrapped<T1, T2, TOut>(this, function, FunctionName.Of(function, name), (first, second, token) => function(first, second, token)).CallCancellableAsync;
}
