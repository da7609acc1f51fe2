using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Leat.Encoding;

/// <summary>Finds the way from an object to another that is part of it.</summary>
internal static class ObjectPath
{
    private const int MostObjects = 1_000_000;

    /// <summary>Looks for an object.</summary>
    /// <param name="root">Where to start.</param>
    /// <param name="culprit">What to look for, by reference.</param>
    public static ValuePath Find(object root, object culprit)
    {
        string start = TypeTag.Describe(root.GetType());
        string kind = TypeTag.Describe(culprit.GetType());
        HashSet<object> seen = new([root], ReferenceEqualityComparer.Instance);
        var open = new Queue<(object Object, Step? Way)>([(root, null)]);
        while (open.TryDequeue(out (object Object, Step? Way) at) && seen.Count < MostObjects)
        {
            foreach ((string name, object part) in PartsOf(at.Object).TakeWhile(_ => seen.Count < MostObjects))
            {
                var way = new Step(at.Way, name);
                if (ReferenceEquals(part, culprit))
                {
                    return new ValuePath(start, way.ToString(), kind);
                }

                if (seen.Add(part))
                {
                    open.Enqueue((part, way));
                }
            }
        }

        return new ValuePath(start, ReferenceEquals(root, culprit) ? "" : "…", kind);
    }

    private static IEnumerable<(string Name, object Part)> PartsOf(object value)
    {
        Type type = value.GetType();
        if (value is string || type.IsPrimitive || type.IsEnum)
        {
            yield break;
        }

        if (ElementsOf(value, type) is { } elements)
        {
            for (int i = 0; i < elements.Length; i++)
            {
                if (elements[i] is { } element)
                {
                    yield return (string.Create(CultureInfo.InvariantCulture, $"[{i}]"), element);
                }
            }

            yield break;
        }

        for (Type? level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            foreach (FieldInfo field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (!field.FieldType.IsPointer && field.GetValue(value) is { } part)
                {
                    yield return ($".{CodecBuilder.NameOf(field)}", part);
                }
            }
        }
    }

    // Null for what is no collection. A sequence that is computed may have no end.
    private static object?[]? ElementsOf(object value, Type type)
    {
        bool isCollection = type.IsArray
            || (Codecs.IsFramework(type.Assembly) && Array.Exists(type.GetInterfaces(), each => each.Name is "ICollection" or "ICollection`1" or "IReadOnlyCollection`1"));
        if (!isCollection || value is not IEnumerable elements)
        {
            return null;
        }

        try
        {
            return [.. elements.Cast<object?>().Take(MostObjects)];
        }
        catch (InvalidOperationException)
        {
            // An immutable array that was never made.
            return [];
        }
    }

    private sealed record Step(Step? Before, string Name)
    {
        public override string ToString()
        {
            Stack<string> names = [];
            for (Step? step = this; step is not null; step = step.Before)
            {
                names.Push(step.Name);
            }

            return string.Concat(names);
        }
    }
}
