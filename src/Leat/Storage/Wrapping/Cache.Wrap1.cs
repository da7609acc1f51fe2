using System.Runtime.CompilerServices;
using Leat.Storage;

namespace Leat;

/// <content>Functions of one argument.</content>
public sealed partial class Cache
{
    /// <summary>
    /// Puts this cache before a function: what is returned looks for the result of an equal call first, and runs the
    /// function only if there is none. Calls are equal when the code, the values that the function has captured, and the
    /// arguments are. Equal calls at the same time run once; what fails is not kept.
    /// </summary>
    /// <typeparam name="T">The type of its argument.</typeparam>
    /// <typeparam name="TOut">The type of its result, which is data that can be encoded.</typeparam>
    /// <param name="function">
    /// The function: what it returns follows from its argument and what it has captured. A <see cref="CancellationToken"/>,
    /// which comes last, is no part of the key.
    /// </param>
    /// <param name="name">What people call it; by default its name, or where it stands. It is in no key.</param>
    /// <exception cref="LeatException">
    /// When called: the function writes to what it has captured, an argument, a captured value or the result can't be
    /// encoded, a file among them is missing, or the cache is required and can't be used.
    /// </exception>
    public Func<T, TOut> Wrap<T, TOut>(Func<T, TOut> function, string? name = null) =>
        new Wrapped<T, TOut>(this, function, FunctionName.Of(function, name), (argument, _) => new ValueTask<TOut>(function(argument))).Call;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    public Func<T, CancellationToken, TOut> Wrap<T, TOut>(Func<T, CancellationToken, TOut> function, string? name = null) =>
        new Wrapped<T, TOut>(this, function, FunctionName.Of(function, name), (argument, token) => new ValueTask<TOut>(function(argument, token))).CallCancellable;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(2)]
    public Func<T, Task<TOut>> Wrap<T, TOut>(Func<T, Task<TOut>> function, string? name = null) =>
        new Wrapped<T, TOut>(this, function, FunctionName.Of(function, name), (argument, _) => new ValueTask<TOut>(function(argument))).CallTaskAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(2)]
    public Func<T, CancellationToken, Task<TOut>> Wrap<T, TOut>(Func<T, CancellationToken, Task<TOut>> function, string? name = null) =>
        new Wrapped<T, TOut>(this, function, FunctionName.Of(function, name), (argument, token) => new ValueTask<TOut>(function(argument, token))).CallCancellableTaskAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(1)]
    public Func<T, ValueTask<TOut>> Wrap<T, TOut>(Func<T, ValueTask<TOut>> function, string? name = null) =>
        new Wrapped<T, TOut>(this, function, FunctionName.Of(function, name), (argument, _) => function(argument)).CallAsync;

    /// <inheritdoc cref="Wrap{T, TOut}(Func{T, TOut}, string?)"/>
    [OverloadResolutionPriority(1)]
    public Func<T, CancellationToken, ValueTask<TOut>> Wrap<T, TOut>(Func<T, CancellationToken, ValueTask<TOut>> function, string? name = null) =>
        new Wrapped<T, TOut>(this, function, FunctionName.Of(function, name), (argument, token) => function(argument, token)).CallCancellableAsync;
}
