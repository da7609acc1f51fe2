using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Leat.Encoding;

/// <summary>How deep in a value a writer or reader is, and in which objects.</summary>
internal sealed class Nesting
{
    /// <summary>How many levels a value may have.</summary>
    public const int Deepest = 1_000_000;

    /// <summary>How many levels a key of a dictionary, or an element of a set, may have.</summary>
    public const int DeepestKey = 1_000;

    // A cycle is noticed only behind so many levels: most values never get there, and pay nothing.
    private const int Shallow = 64;

    private const int FreshStack = 256 * 1024 * 1024;

    private HashSet<object>? ancestors;
    private int deepest = Deepest;
    private int depth;

    /// <summary>Goes a level down, into an object that is written.</summary>
    public void Enter(object value)
    {
        Enter();
        if (depth > Shallow)
        {
            ancestors ??= new HashSet<object>(ReferenceEqualityComparer.Instance);
            if (!ancestors.Add(value))
            {
                throw new CulpritException(value, EncodingErrors.Cycle);
            }
        }
    }

    public void Leave(object value)
    {
        if (depth > Shallow)
        {
            ancestors!.Remove(value);
        }

        Leave();
    }

    /// <summary>Goes a level down, into an object that is read.</summary>
    public void Enter()
    {
        if (++depth > deepest)
        {
            throw EncodingErrors.TooDeep();
        }
    }

    public void Leave() => depth--;

    /// <summary>
    /// Goes into something that is hashed, by code that recurses as deep as the object is nested. Returns what
    /// <see cref="LeaveKey"/> wants back.
    /// </summary>
    public int EnterKey()
    {
        int before = deepest;
        deepest = Math.Min(deepest, depth + DeepestKey);
        return before;
    }

    public void LeaveKey(int before) => deepest = before;

    public void Clear()
    {
        depth = 0;
        deepest = Deepest;
        ancestors?.Clear();
    }

    /// <summary>True when there is stack enough for another level.</summary>
    public static bool HasStack() => RuntimeHelpers.TryEnsureSufficientExecutionStack();

    /// <summary>Goes on upon a thread with a stack that is not used up, and waits for its end.</summary>
    public static void OnFreshStack(Action action)
    {
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception thrown)
                {
                    error = ExceptionDispatchInfo.Capture(thrown);
                }
            },
            FreshStack)
        {
            IsBackground = true,
            Name = "leat encoding",
        };
        thread.Start();
        thread.Join();
        error?.Throw();
    }
}

/// <summary>Thrown where an object can't be encoded, for whoever knows the way to it.</summary>
internal sealed class CulpritException(object culprit, Func<ValuePath, EncodingException> explain) : Exception
{
    public object Culprit => culprit;

    public EncodingException Explain(ValuePath path) => explain(path);
}
