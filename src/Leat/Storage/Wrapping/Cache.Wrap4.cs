using System.Runtime.CompilerServices;
using Leat.Storage;

namespace Leat;

/// <content>Functions of four arguments.</content>
public sealed partial class Cache
{
    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    public Func<T1, T2, T3, T4, TOut> Wrap<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, TOut> function, string? name = null) =>
        new Wrapped<T1, T2, T3, T4, TOut>(this, function, FunctionName.Of(function, name), (first, second, third, fourth, _) => new ValueTask<TOut>(function(first, second, third, fourth))).Call;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    public Func<T1, T2, T3, T4, CancellationToken, TOut> Wrap<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, CancellationToken, TOut> function, string? name = null) =>
        new Wrapped<T1, T2, T3, T4, TOut>(this, function, FunctionName.Of(function, name), (first, second, third, fourth, token) => new ValueTask<TOut>(function(first, second, third, fourth, token))).CallCancellable;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(2)]
    public Func<T1, T2, T3, T4, Task<TOut>> Wrap<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, Task<TOut>> function, string? name = null) =>
        new Wrapped<T1, T2, T3, T4, TOut>(this, function, FunctionName.Of(function, name), (first, second, third, fourth, _) => new ValueTask<TOut>(function(first, second, third, fourth))).CallTaskAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(2)]
    public Func<T1, T2, T3, T4, CancellationToken, Task<TOut>> Wrap<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, CancellationToken, Task<TOut>> function, string? name = null) =>
        new Wrapped<T1, T2, T3, T4, TOut>(this, function, FunctionName.Of(function, name), (first, second, third, fourth, token) => new ValueTask<TOut>(function(first, second, third, fourth, token))).CallCancellableTaskAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(1)]
    public Func<T1, T2, T3, T4, ValueTask<TOut>> Wrap<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, ValueTask<TOut>> function, string? name = null) =>
        new Wrapped<T1, T2, T3, T4, TOut>(this, function, FunctionName.Of(function, name), (first, second, third, fourth, _) => function(first, second, third, fourth)).CallAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(1)]
    public Func<T1, T2, T3, T4, CancellationToken, ValueTask<TOut>> Wrap<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, CancellationToken, ValueTask<TOut>> function, string? name = null) =>
        new Wrapped<T1, T2, T3, T4, TOut>(this, function, FunctionName.Of(function, name), (first, second, third, fourth, token) => function(first, second, third, fourth, token)).CallCancellableAsync;
}
