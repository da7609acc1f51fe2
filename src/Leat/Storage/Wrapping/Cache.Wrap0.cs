using System.Runtime.CompilerServices;
using Leat.Storage;

namespace Leat;

/// <content>Functions of no arguments.</content>
public sealed partial class Cache
{
    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    public Func<TOut> Wrap<TOut>(Func<TOut> function, string? name = null) =>
        new Wrapped<TOut>(this, function, FunctionName.Of(function, name), _ => new ValueTask<TOut>(function())).Call;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    public Func<CancellationToken, TOut> Wrap<TOut>(Func<CancellationToken, TOut> function, string? name = null) =>
        new Wrapped<TOut>(this, function, FunctionName.Of(function, name), token => new ValueTask<TOut>(function(token))).CallCancellable;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(2)]
    public Func<Task<TOut>> Wrap<TOut>(Func<Task<TOut>> function, string? name = null) =>
        new Wrapped<TOut>(this, function, FunctionName.Of(function, name), _ => new ValueTask<TOut>(function())).CallTaskAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(2)]
    public Func<CancellationToken, Task<TOut>> Wrap<TOut>(Func<CancellationToken, Task<TOut>> function, string? name = null) =>
        new Wrapped<TOut>(this, function, FunctionName.Of(function, name), token => new ValueTask<TOut>(function(token))).CallCancellableTaskAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(1)]
    public Func<ValueTask<TOut>> Wrap<TOut>(Func<ValueTask<TOut>> function, string? name = null) =>
        new Wrapped<TOut>(this, function, FunctionName.Of(function, name), _ => function()).CallAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(1)]
    public Func<CancellationToken, ValueTask<TOut>> Wrap<TOut>(Func<CancellationToken, ValueTask<TOut>> function, string? name = null) =>
        new Wrapped<TOut>(this, function, FunctionName.Of(function, name), token => function(token)).CallCancellableAsync;
}
