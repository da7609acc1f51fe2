using System.Runtime.CompilerServices;
using Leat.Storage;

namespace Leat;

/// <content>Functions of three arguments.</content>
public sealed partial class Cache
{
    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    public Func<T1, T2, T3, TOut> Wrap<T1, T2, T3, TOut>(Func<T1, T2, T3, TOut> function, string? name = null) =>
        new Wrapped<T1, T2, T3, TOut>(this, function, FunctionName.Of(function, name), (first, second, third, _) => new ValueTask<TOut>(function(first, second, third))).Call;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    public Func<T1, T2, T3, CancellationToken, TOut> Wrap<T1, T2, T3, TOut>(Func<T1, T2, T3, CancellationToken, TOut> function, string? name = null) =>
        new Wrapped<T1, T2, T3, TOut>(this, function, FunctionName.Of(function, name), (first, second, third, token) => new ValueTask<TOut>(function(first, second, third, token))).CallCancellable;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(2)]
    public Func<T1, T2, T3, Task<TOut>> Wrap<T1, T2, T3, TOut>(Func<T1, T2, T3, Task<TOut>> function, string? name = null) =>
        new Wrapped<T1, T2, T3, TOut>(this, function, FunctionName.Of(function, name), (first, second, third, _) => new ValueTask<TOut>(function(first, second, third))).CallTaskAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(2)]
    public Func<T1, T2, T3, CancellationToken, Task<TOut>> Wrap<T1, T2, T3, TOut>(Func<T1, T2, T3, CancellationToken, Task<TOut>> function, string? name = null) =>
        new Wrapped<T1, T2, T3, TOut>(this, function, FunctionName.Of(function, name), (first, second, third, token) => new ValueTask<TOut>(function(first, second, third, token))).CallCancellableTaskAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(1)]
    public Func<T1, T2, T3, ValueTask<TOut>> Wrap<T1, T2, T3, TOut>(Func<T1, T2, T3, ValueTask<TOut>> function, string? name = null) =>
        new Wrapped<T1, T2, T3, TOut>(this, function, FunctionName.Of(function, name), (first, second, third, _) => function(first, second, third)).CallAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(1)]
    public Func<T1, T2, T3, CancellationToken, ValueTask<TOut>> Wrap<T1, T2, T3, TOut>(Func<T1, T2, T3, CancellationToken, ValueTask<TOut>> function, string? name = null) =>
        new Wrapped<T1, T2, T3, TOut>(this, function, FunctionName.Of(function, name), (first, second, third, token) => function(first, second, third, token)).CallCancellableAsync;
}
